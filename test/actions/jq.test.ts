import { expect, test } from 'vitest';
import { jq } from '../../src/actions/jq.ts';
import { jqCases } from '../fixtures/actions/jq-action.ts';
import { createContext } from './context.ts';

test.each(jqCases)('$name', async ({ inputs, answers, asked, result, code }) => {
  const context = createContext({ inputs, ...(answers === undefined ? {} : { jqAnswers: answers }) });
  const answer = await jq.run(context);
  if (code === undefined) expect(answer).toEqual({ status: 'succeeded', outputs: { result } });
  else expect(answer).toEqual({ status: 'failed', code, message: expect.any(String) });
  expect(context.recorded.jobs).toHaveLength(answers === undefined ? 0 : 1);
  if (asked !== undefined) expect(context.recorded.jobs).toEqual([{ ...asked, signal: context.signal }]);
});
