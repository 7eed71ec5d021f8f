import { expect, test } from 'vitest';
import { log } from '../../src/actions/log.ts';
import { lines, tooLong } from '../fixtures/actions/log.ts';
import { createContext } from './context.ts';

test.each(lines.map(row => [JSON.stringify(row[0]).slice(0, 60), ...row] as const))(
  '%s',
  async (_name, inputs, level, line) => {
    const context = createContext({ inputs });
    expect(await log.run(context)).toEqual({ status: 'succeeded', outputs: {} });
    expect(context.recorded.lines).toEqual([[level, line]]);
  },
);

test.each(tooLong)('%s: cut to 32 KiB with a mark that adds up', async (_name, message) => {
  const context = createContext({ inputs: { message } });
  await log.run(context);
  const line = context.recorded.lines[0]?.[1] ?? '';
  const whole = typeof message === 'string' ? message : JSON.stringify(message);
  const [, kept = '', hidden, total] = /^(.*) … \[cut: (\d+) of (\d+) bytes are not shown\]$/su.exec(line) ?? [];
  // A character that was cut in half would be U+FFFD.
  expect([whole.startsWith(kept), kept.includes('\ufffd')]).toEqual([true, false]);
  expect([Buffer.byteLength(kept) + Number(hidden), Number(total)]).toEqual([
    Buffer.byteLength(whole),
    Buffer.byteLength(whole),
  ]);
  expect(Buffer.byteLength(line)).toBeLessThanOrEqual(32 * 1024);
  expect(Buffer.byteLength(line)).toBeGreaterThan(32 * 1024 - 8);
});
