import { expect, test } from 'vitest';
import { fail } from '../../src/actions/fail.ts';
import { createContext } from './context.ts';

test.each(['it had to be', '', 'two\nlines'])('%j', async message => {
  expect(await fail.run(createContext({ inputs: { message } }))).toEqual({ status: 'failed', code: 'FAILED', message });
});
