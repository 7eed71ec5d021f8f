import { describe, expect, test } from 'vitest';
import type { Invoke, InvokeOptions, InvokeTarget } from '../../src/ports/invoke.ts';

/** What targets of both homes are called, and what they do: `test/fixtures/modules`. */
export type Targets = { readonly invoke: Invoke; target(name: string): InvokeTarget };

const MINUTE = 60_000;

const options = (more: Partial<InvokeOptions> = {}): InvokeOptions => ({
  signal: new AbortController().signal,
  mode: 'wait',
  timeout: MINUTE,
  ...more,
});

/** What every adapter of the port `invoke` does. */
export function invokeContract(open: () => Promise<Targets> | Targets): void {
  const call = async (name: string, payload: object = {}, more: Partial<InvokeOptions> = {}) => {
    const { invoke, target } = await open();
    return invoke.invoke(target(name), { ...payload }, options(more));
  };

  describe('invoke', () => {
    test('hands over the payload and answers what the target says', async () => {
      const payload = { text: 'pä ✓ "x"', list: [1, null, { a: true }] };
      expect(await call('echo', payload)).toEqual({ ok: true, payload: { outputs: { request: payload } } });
    });

    test('an expected failure is an answer', async () => {
      const error = { code: 'NO_SUCH_CHANNEL', message: 'no such channel' };
      expect(await call('refuse')).toEqual({ ok: true, payload: { error } });
    });

    test.each([
      ['throw', 'TARGET_FAILED', 'it is broken'],
      ['quit', 'TARGET_FAILED', 'exit'],
      ['large', 'TOO_LARGE', '256 KiB'],
      ['nobody', 'TARGET_NOT_FOUND', 'nobody'],
    ])('%s: %s', async (name, code, says) => {
      expect(await call(name)).toEqual({ ok: false, code, message: expect.stringContaining(says) });
    });

    test('gives up when its time is over', async () => {
      expect(await call('hang', {}, { timeout: 50 })).toMatchObject({ ok: false, code: 'TIMEOUT' });
    });

    test('gives up when it is aborted, before and during the call', async () => {
      expect(await call('hang', {}, { signal: AbortSignal.abort('over') })).toMatchObject({ code: 'ABORTED' });
      const { invoke, target } = await open();
      const abort = new AbortController();
      const calling = invoke.invoke(target('hang'), {}, options({ signal: abort.signal }));
      setImmediate(() => abort.abort('over'));
      expect(await calling).toMatchObject({ ok: false, code: 'ABORTED' });
    });

    test('a payload that is too large goes nowhere', async () => {
      expect(await call('echo', { text: 'x'.repeat(256 * 1_024) })).toMatchObject({ ok: false, code: 'TOO_LARGE' });
    });

    test.each(['echo', 'throw', 'hang'])('handed over, %s goes on by itself', async name => {
      expect(await call(name, {}, { mode: 'hand over' })).toEqual({ ok: true, payload: null });
    });

    test('what is not there cannot take over', async () => {
      expect(await call('nobody', {}, { mode: 'hand over' })).toMatchObject({ ok: false, code: 'TARGET_NOT_FOUND' });
    });

    test('a target of the other home is not there', async () => {
      const { invoke, target } = await open();
      const foreign: InvokeTarget =
        target('echo').kind === 'module'
          ? { kind: 'function', arn: 'arn:aws:lambda:eu-west-1:123456789012:function:echo' }
          : { kind: 'module', name: 'echo' };
      expect(await invoke.invoke(foreign, {}, options())).toMatchObject({ ok: false, code: 'TARGET_NOT_FOUND' });
    });
  });
}
