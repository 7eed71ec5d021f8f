import { expect, onTestFinished, test } from 'vitest';
import { serve } from '../../local/serve.ts';
import { ADMIN_TOKEN, temporaryFolder } from '../kit/local-server.ts';
import { pipecallClient } from '../kit/pipecall-client.ts';

const LOOP = `
id: loop
name: Loop
permissions: { application: developer }
on:
  pipeline_call: {}
  event:
    source: [pipecall]
    detail-type: [Pipeline Run Status Change]
    detail: { pipeline_id: [loop], status: [succeeded] }
jobs:
  a: { steps: [{ uses: actions/humanitec/log@v1, with: { message: again } }] }
`;

test.each([false, true])(
  'local server (--sdk: %s): a pipeline that is started by its own end stops at depth 5',
  async sdk => {
    const data = await temporaryFolder();
    onTestFinished(() => data.remove());
    const settings = { port: 0, data: data.path, sdk, allowEgress: [], adminToken: ADMIN_TOKEN, retentionDays: 90 };
    const server = await serve(settings);
    onTestFinished(() => server.close());
    const client = pipecallClient(server.url, ADMIN_TOKEN);
    const uploaded = await client.upload(LOOP);
    expect(uploaded, JSON.stringify(uploaded.body)).toMatchObject({ status: 201 });
    expect(await client.start('loop', {}, 25)).toMatchObject({ status: 201 });
    const runs = async () => {
      const answer = await client.send('GET', `${client.app}/pipelines/loop/runs?per_page=100`);
      return answer.body as readonly { readonly status: string }[]; // as: judged elsewhere
    };
    const refused = async () => {
      const answer = await client.send('GET', `${client.app}/refused-starts`);
      return answer.body as readonly { readonly error: string }[]; // as: judged elsewhere
    };
    // The refusal of the sixth is the last thing that happens.
    while ((await refused()).length === 0) await server.home.localBus.idle();
    expect((await runs()).map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'succeeded'));
    expect(JSON.stringify(await refused())).toContain('EVENT_TOO_DEEP');
  },
);
