import { afterEach, expect, test } from 'vitest';
import type { ActionContext } from '../../src/actions/action.ts';
import { actions } from '../../src/actions/registry.ts';
import { orchestratorCases } from '../fixtures/actions/orchestrator.ts';
import {
  createOrchestratorStandIn,
  ORCHESTRATOR_TOKEN,
  type OrchestratorStandIn,
} from '../kit/stand-in-orchestrator.ts';
import { createTicking, drive } from './drive.ts';

const open: OrchestratorStandIn[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

test.each(orchestratorCases)('$action: $name', async row => {
  const clock = createTicking();
  const server = await createOrchestratorStandIn({ ...row.server, now: () => clock.now });
  open.push(server);
  const action = actions.get(`actions/humanitec/${row.action}@v1`);
  if (action === undefined) throw new Error(`there is no action ${row.action}`);
  const asked: string[] = [];
  const touched = new Set<string>();
  const related: Record<string, string> = {};
  let opened = 0;
  const context: Partial<ActionContext> = {
    may: async (permission, { envType = '-' }) => {
      asked.push(`${permission} ${envType}`);
      const refused = row.denied?.includes(`${permission} ${envType}`) === true;
      return { allowed: !refused, reason: refused ? `${permission} needs deployer` : 'developer' };
    },
    environments: { typeOf: async env => row.known?.[env], touch: env => void touched.add(env) },
    relate: (entity, id) => {
      related[entity] = id;
    },
    orchestrator: async () => {
      opened++;
      return row.unset === true
        ? { ok: false, message: 'Org names no orchestrator.' }
        : { ok: true, baseUrl: row.baseUrl ?? server.origin, token: row.token ?? ORCHESTRATOR_TOKEN };
    },
  };
  const driven = await drive(action, row.inputs, clock, { ...row.driving, context });
  const { answer, waits, lines, took } = driven;
  if (row.driving?.cutAfter === undefined) {
    expect(answer).toMatchObject(
      row.code === undefined ? { status: 'succeeded' } : { status: 'failed', code: row.code },
    );
    if (row.code !== undefined) expect(Object.keys(action.errors)).toContain(row.code);
  }
  if (row.message !== undefined) expect(answer).toMatchObject({ message: expect.stringContaining(row.message) });
  if (row.outputs !== undefined) expect(answer).toMatchObject({ outputs: row.outputs });
  if (row.related !== undefined) expect(related).toEqual(row.related);
  if (row.touched !== undefined) expect([...touched]).toEqual(row.touched);
  if (row.asked !== undefined) expect([...new Set(asked)]).toEqual(row.asked);
  if (row.line !== undefined) expect(lines.join('\n')).toContain(row.line);
  if (row.waitsFor !== undefined) expect(waits.map(wait => wait.for)).toContain(row.waitsFor);
  if (row.opened !== undefined) expect(opened).toBe(row.opened);
  if (row.sent !== undefined) expect(server.asked.filter(line => !line.startsWith('GET'))).toEqual(row.sent);
  if (row.bodies !== undefined) {
    const bodies = server.requests.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body));
    expect(bodies).toEqual(row.bodies);
  }
  const [least, most] = row.seconds ?? [0, Infinity];
  expect(took / 1_000).toBeGreaterThanOrEqual(least);
  expect(took / 1_000).toBeLessThanOrEqual(most);
  expect(JSON.stringify([waits, lines, answer, related])).not.toContain(ORCHESTRATOR_TOKEN);
  expect(server.asked.join()).not.toContain(ORCHESTRATOR_TOKEN);
});
