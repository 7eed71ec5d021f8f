import { describe, expect, test } from 'vitest';
import { artefacts } from '../fixtures/api/artefacts.ts';
import type { ApiCase, Call } from '../fixtures/api/case.ts';
import { criteria } from '../fixtures/api/criteria.ts';
import { orchestrator } from '../fixtures/api/orchestrator.ts';
import { pipelines } from '../fixtures/api/pipelines.ts';
import { places } from '../fixtures/api/places.ts';
import { rules } from '../fixtures/api/rules.ts';
import { runs } from '../fixtures/api/runs.ts';
import { values } from '../fixtures/api/values.ts';
import { webhooks } from '../fixtures/api/webhooks.ts';
import type { ApiAnswer } from '../kit/api-client.ts';
import { openWorld, type World } from '../kit/api-world.ts';

const groups: Readonly<Record<string, readonly ApiCase[]>> = {
  rules,
  pipelines,
  criteria,
  artefacts,
  places,
  runs,
  values,
  webhooks,
  orchestrator,
};

for (const [group, cases] of Object.entries(groups)) {
  describe(group, () => {
    for (const { name, given = [], call, answer } of cases) {
      test(name, async () => {
        const world = await openWorld();
        try {
          const run = await world.addRun();
          const rival = await world.addRun({ org: 'rival' });
          const send = (each: Call) => sendCall(world, each, { '{run}': run.run, '{rival}': rival.run });
          for (const each of given) expect((await send(each)).status, JSON.stringify(each)).toBeLessThan(300);
          expectAnswer(await send(call), answer);
          expect(world.logged).toEqual([]);
        } finally {
          await world.close();
        }
      });
    }
  });
}

function sendCall(
  world: World,
  { path, as = 'admin', ...rest }: Call,
  stands: Readonly<Record<string, string>>,
): Promise<ApiAnswer> {
  const filled = Object.entries(stands).reduce((text, [placeholder, id]) => text.replace(placeholder, id), path);
  return world.client({ ...rest, path: filled, token: as === 'nobody' ? null : world.tokens[as] });
}

function expectAnswer(answer: ApiAnswer, expected: ApiCase['answer']): void {
  expect(answer.status, answer.text).toBe(expected.status);
  if (expected.error !== undefined) expect(answer.json.error).toBe(expected.error);
  for (const part of expected.says ?? []) expect(answer.json.message).toContain(part);
  if (expected.body !== undefined) expect(answer.json).toMatchObject(expected.body as object);
  if (expected.text !== undefined) expect(answer.text).toBe(expected.text);
  expect(answer.headers).toMatchObject(expected.headers ?? {});
}
