import { describe, expect, it } from 'vitest';
import { ANNA, type Fault, live, type Victim } from './world.ts';

const TEXT = `
name: Crash
on: { pipeline_call: {} }
concurrency: deploys
jobs:
  build:
    outputs: { v: "\${{ steps.s.outputs.v }}" }
    steps:
      - { uses: actions/humanitec/log@v1, with: { message: builds } }
      - { id: s, uses: actions/pipecall/probe@v1 }
  ask:
    needs: build
    outputs: { who: "\${{ steps.a.outputs.approved_by }}" }
    steps:
      - { id: a, uses: actions/humanitec/approve@v1, with: { env_id: development, message: "Deploy \${{ needs.build.outputs.v }}?" } }
      - { uses: actions/humanitec/log@v1, with: { message: "\${{ steps.a.outputs.approved_by }} said \${{ steps.a.outputs.comment }}" } }
  deploy:
    needs: ask
    steps:
      - { uses: actions/pipecall/probe@v1 }
      - { uses: actions/humanitec/log@v1, with: { message: "for \${{ needs.ask.outputs.who }}" } }
  report: { needs: [build, deploy], if: always(), steps: [{ uses: actions/humanitec/log@v1, with: { message: "\${{ needs.deploy.status }}" } }] }
outputs: { who: "\${{ jobs.ask.outputs.who }}" }
`;

describe('two runs with needs, an approval and a group end as if nothing had happened', () => {
  const undisturbed = live(TEXT);

  it('when nothing happens', async () => {
    const { end } = await undisturbed;
    const succeeded = {
      run: {
        status: 'succeeded',
        message: '4 jobs succeeded.',
        envIds: ['development'],
        outputs: { text: `{"who":"${ANNA}"}` },
      },
      logs: { 0: ['builds'], 1: [`${ANNA} said Go.`], 2: [`for ${ANNA}`], 3: ['succeeded'] },
      approvals: [{ status: 'approved', by: [`${ANNA}: Go.`] }],
    };
    expect(end).toMatchObject({ runs: [succeeded, succeeded], waiters: [] });
  });

  const victims: readonly { readonly victim: Victim; readonly fate: Fault['fate']; readonly least: number }[] = [
    { victim: 'api', fate: 'before', least: 10 },
    { victim: 'api', fate: 'after', least: 10 },
    { victim: 'worker', fate: 'before', least: 20 },
    { victim: 'worker', fate: 'after', least: 20 },
    { victim: 'server', fate: 'before', least: 40 },
    { victim: 'server', fate: 'after', least: 40 },
  ];
  // Up to a hundred lives each, which a busy machine takes its time for.
  it.each(victims)(
    'though the $victim dies $fate any call of the table',
    { timeout: 300_000 },
    async ({ victim, fate, least }) => {
      const { end } = await undisturbed;
      let deaths = 0;
      for (let call = 1; ; call += 1) {
        const outcome = await live(TEXT, { victim, call, fate });
        if (!outcome.died) break;
        deaths += 1;
        expect(outcome.end, `the ${victim} died ${fate} call ${call}`).toEqual(end);
      }
      expect(deaths).toBeGreaterThanOrEqual(least);
    },
  );
});
