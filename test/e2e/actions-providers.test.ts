import { expect, onTestFinished, test } from 'vitest';
import { actions } from '../../src/actions/registry.ts';
import type { JsonObject } from '../../src/json.ts';
import { providerCases } from '../fixtures/actions/action-cases-providers.ts';
import { customRows } from '../fixtures/actions/provider-cases-custom.ts';
import { CANARY, type ProviderRow, SECRET } from '../fixtures/actions/provider-rows.ts';
import { isTested, missingPairs } from '../kit/action-cases.ts';
import { openProviderWorld, type ProviderWorld, TOKENS } from '../kit/provider-world.ts';
import { findTraces } from '../kit/secret-traces.ts';

const CUSTOM = ['actions/acme/request@v1', 'actions/acme/callback@v1'];
const rows = [...providerCases, ...customRows].filter(isTested);
const titled = rows.map(row => [`${row.action}, ${row.kind}: ${row.name ?? ''}`, row] as const);

async function open(row: ProviderRow): Promise<ProviderWorld> {
  const world = await openProviderWorld(row);
  onTestFinished(() => world.close());
  return world;
}

test.each(titled)('%s', async (_title, row) => {
  const { made = 1, ended = 0, expected, arrived = [] } = row;
  const world = await open(row);
  const waits = await world.finish();
  const { run, job, log } = await world.look();
  // as: the API answers as its schema says
  const { status_message: message, status } = (job.steps as readonly JsonObject[])[0] ?? {};
  expect({ status, run: run.status }, String(message)).toEqual({ status: expected.step, run: expected.run });
  if (expected.code !== undefined) expect(message).toMatch(new RegExp(`^${expected.code}: `));
  if (row.message !== undefined) expect(message).toContain(row.message);
  if (expected.outputs !== undefined) expect(outputsOf(job)).toMatchObject(expected.outputs);
  if (expected.waitsFor !== undefined) {
    const shown = waits.map(({ only }) => String(only));
    expect(shown.filter(wait => wait.startsWith(expected.waitsFor ?? '-'))).not.toEqual([]);
  }
  if (row.says !== undefined) expect(log).toContain(row.says);
  expect({ made: world.opposite.made(), ended: world.opposite.ended() }).toEqual({ made, ended });
  expect(world.reports).toEqual([]);

  const received = world.opposite.received();
  for (const secret of arrived) expect(received).toContain(secret);
  await expectNoTrace(world, CANARY);
});

async function expectNoTrace(world: ProviderWorld, secret: string): Promise<void> {
  const everything = await world.everything();
  // Sealed, they are there.
  expect(everything).toContain('local1.');
  expect(findTraces([...TOKENS, secret], everything)).toEqual([]);
}

/** The job puts them out as JSON text. */
const outputsOf = ({ outputs }: JsonObject): unknown => JSON.parse(String((outputs as JsonObject).all)); // as: of a job

/** Where a text may stand that somebody keeps secret; what has no type takes anything. */
const takesText = (schema: JsonObject): boolean =>
  [schema.type ?? 'string'].flat().some(type => ['string', 'object', 'array'].includes(String(type)));

/** Each input of each action in the place of a secret; the rest as where it succeeds. */
const places = [...new Map(rows.toReversed().map(row => [`${row.action} ${row.kind}`, row])).values()].flatMap(row => {
  if (row.kind !== 'success') return [];
  const properties = actions.get(row.action)?.inputs.properties ?? { to: {}, payload: {} };
  return Object.entries(properties as Readonly<Record<string, JsonObject>>) // as: the schema of an action
    .filter(([, schema]) => takesText(schema))
    .map(([name, schema]) => [`${row.action}: ${name}`, row, name, schema] as const);
});

test.each(places)('a secret in %s is seen nowhere', async (_title, row, name, schema) => {
  // An id has to be one, and an address too.
  const plain = schema.pattern === undefined ? CANARY : 'canary-0123';
  const secret = name === 'api_url' ? 'https://10.1.2.3/canary-path' : plain;
  const value = { object: { [SECRET]: SECRET }, array: [{ id: SECRET, name: SECRET }] }[String(schema.type)] ?? SECRET;
  const [step] = row.steps;
  const inputs = { ...(step?.with as JsonObject), [name]: value }; // as: a row holds a step that is one
  const world = await open({ ...row, steps: [{ ...step, with: inputs }], inputs: { secret } });
  await world.finish();
  expect((await world.look()).run.status).toMatch(/^(?:succeeded|failed)$/);
  await expectNoTrace(world, secret);
});

test('every registered action has every case', () => {
  expect(missingPairs(CUSTOM, customRows)).toEqual([]);
});
