import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { createInvoke, type LocalInvoke } from '../../local/invoke.ts';
import { invokeContract } from '../kit/invoke-contract.ts';

const FOLDER = fileURLToPath(new URL('../fixtures/modules/', import.meta.url));

const opened: LocalInvoke[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

function open(folder: string | undefined = FOLDER): LocalInvoke {
  const invoke = createInvoke(folder, () => undefined);
  opened.push(invoke);
  return invoke;
}

invokeContract(() => ({ invoke: open(), target: name => ({ kind: 'module', name }) }));

const wait = { signal: new AbortController().signal, mode: 'wait', timeout: 60_000 } as const;

test('a module without a function is none', async () => {
  const answer = await open().invoke({ kind: 'module', name: 'empty' }, {}, wait);
  expect(answer).toMatchObject({ ok: false, code: 'TARGET_NOT_FOUND' });
});

test('without a folder there are none, and it says how to have them', async () => {
  const invoke = createInvoke(undefined, () => undefined);
  const answer = await invoke.invoke({ kind: 'module', name: 'echo' }, {}, wait);
  expect(answer).toMatchObject({ code: 'TARGET_NOT_FOUND', message: expect.stringContaining('--actions') });
});

test('what fails after it took over is told to the server', async () => {
  const told = new Promise<string>(resolve => {
    const invoke = createInvoke(FOLDER, resolve);
    opened.push(invoke);
    void invoke.invoke({ kind: 'module', name: 'throw' }, {}, { ...wait, mode: 'hand over' });
  });
  expect(await told).toContain("module 'throw' failed");
});
