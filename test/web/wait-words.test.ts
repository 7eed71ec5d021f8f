import { expect, test } from 'vitest';
import { readMessage } from '../../web/src/pages/runs/read-message.ts';
import { readWait, waitWords } from '../../web/src/pages/runs/wait-words.ts';

test.each([
  ['approval(a-1)', { kind: 'approval', approval: 'a-1' }, 'an approval'],
  ['time(2030-01-01T00:00:00Z)', { kind: 'time', until: '2030-01-01T00:00:00Z' }, 'a time'],
  [
    'retry(attempt 2 of 3, 2030-01-01T00:00:00Z)',
    { kind: 'retry', attempt: 'attempt 2 of 3', at: '2030-01-01T00:00:00Z' },
    'another try (attempt 2 of 3)',
  ],
  ['callback(c-1)', { kind: 'callback', callback: 'c-1' }, 'a callback'],
  ['run(r-1)', { kind: 'run', run: 'r-1' }, 'another run'],
  [
    'concurrency(deploy, (prod), position 100+)',
    { kind: 'group', group: 'deploy, (prod)', position: '100+' },
    'other runs of deploy, (prod)',
  ],
  ['application.environment(dev)', { kind: 'deployment', environment: 'dev' }, 'the environment dev'],
  [
    'github-workflow(a/b/c.yaml)',
    { kind: 'other', text: 'github-workflow(a/b/c.yaml)' },
    'github-workflow(a/b/c.yaml)',
  ],
  ['something new', { kind: 'other', text: 'something new' }, 'something new'],
])('%s is read', (text, wait, words) => {
  expect(readWait(text)).toEqual(wait);
  expect(waitWords(text)).toBe(words);
});

test.each([
  ['HTTP_STATUS: the server answered 500', 'HTTP_STATUS', 'the server answered 500'],
  ['no code here: at all', undefined, 'no code here: at all'],
  ['TIMEOUT: over\nsecond line', 'TIMEOUT', 'over\nsecond line'],
])('the code of %j', (message, code, words) => {
  expect(readMessage(message)).toEqual({ code, words });
});
