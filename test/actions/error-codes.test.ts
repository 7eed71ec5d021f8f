import { describe, expect, test } from 'vitest';
import { REGISTERED_ERRORS } from '../../src/actions/action.ts';
import { actions } from '../../src/actions/registry.ts';
import { providerCases } from '../fixtures/actions/action-cases-providers.ts';
import { githubCases } from '../fixtures/actions/github-workflow.ts';
import { gitlabCases } from '../fixtures/actions/gitlab-pipeline.ts';
import { orchestratorCases } from '../fixtures/actions/orchestrator.ts';
import { customRows } from '../fixtures/actions/provider-cases-custom.ts';
import { isTested } from '../kit/action-cases.ts';
import { createContext } from './context.ts';

const nameOf = (key: string): string => key.replace(/^actions\/humanitec\/|@v1$/g, '');

/** What each row of a table comes to, by the name of its action. */
const provoked: readonly (readonly [name: string, code: string | undefined])[] = [
  ...[...providerCases, ...customRows].filter(isTested).map(row => [nameOf(row.action), row.expected.code] as const),
  ...githubCases.map(({ code }) => ['github-workflow', code] as const),
  ...gitlabCases.map(({ code }) => ['gitlab-pipeline', code] as const),
  ...orchestratorCases.map(({ action, code }) => [action, code] as const),
];

const unprovoked = (name: string, errors: object): readonly string[] =>
  Object.keys(errors).filter(code => !provoked.some(([each, came]) => each === name && came === code));

describe.each([...new Set(providerCases.map(({ action }) => action))])('%s', key => {
  const action = actions.get(key);
  if (action === undefined) throw new Error(`there is no action ${key}`);

  test('each of its error codes is the end of some row', () => {
    // Whoever cuts a step off says why; what the action answers then is not shown.
    const { ABORTED, ...errors } = action.errors;
    expect(unprovoked(nameOf(key), errors)).toEqual([]);
    expect(ABORTED).toBeDefined();
  });

  test('cut off before it begins, it asks nobody', async () => {
    const [row] = [...providerCases].filter(isTested).filter(each => each.action === key && each.kind === 'success');
    const inputs = { ...(row?.steps[0]?.with as object), api_url: 'https://ci.test' }; // as: a row holds a step that is one
    const context = createContext({ inputs });
    const answer = await action.run({
      ...context,
      signal: AbortSignal.abort(),
      may: async () => ({ allowed: true, reason: 'developer' }),
      environments: { typeOf: async () => undefined, touch: () => undefined },
      orchestrator: async () => ({ ok: true, baseUrl: 'https://orchestrator.test', token: 'a-token' }),
    });
    expect(answer).toMatchObject({ status: 'failed', code: 'ABORTED' });
  });
});

test('each error code that any registered action may have is the end of some row', () => {
  expect(unprovoked('actions/acme/request', REGISTERED_ERRORS)).toEqual([]);
});
