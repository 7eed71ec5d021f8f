import { expect, test } from 'vitest';
import { http } from '../../src/actions/http.ts';
import { httpCases } from '../fixtures/actions/http-action.ts';
import { createContext } from './context.ts';

test.each(httpCases)('$name', async ({ inputs, answers, asked, outputs, code, message, lines }) => {
  const context = createContext({ inputs, ...(answers === undefined ? {} : { httpAnswers: answers }) });
  const answer = await http.run(context);
  expect(answer).toMatchObject(code === undefined ? { status: 'succeeded' } : { status: 'failed', code });
  if (message !== undefined) expect(answer).toMatchObject({ message });
  if (outputs !== undefined) expect('outputs' in answer && answer.outputs).toEqual(outputs);
  const [exchange, ...more] = context.recorded.exchanges;
  expect([exchange !== undefined, more]).toEqual([answers !== undefined, []]);
  if (asked !== undefined && exchange !== undefined) {
    const { headers: wanted, ...rest } = asked;
    expect(exchange).toMatchObject(rest);
    expect('body' in exchange).toBe('body' in asked);
    expect(exchange.signal).toBe(context.signal);
    if (wanted !== undefined) expect(exchange.headers).toEqual(wanted);
  }
  if (lines !== undefined) expect(context.recorded.lines).toEqual(lines);
});
