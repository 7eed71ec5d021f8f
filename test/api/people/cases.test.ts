import { expect, test } from 'vitest';
import { type PeopleCase, people } from '../../fixtures/api/people.ts';
import { CREW, PEOPLE } from '../../kit/api-people.ts';
import { openWorld } from '../../kit/api-world.ts';

const ids: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(PEOPLE).map(([name, { id }]) => [name, id])),
  crew: CREW,
  nobody: '00000000-0000-4000-8000-000000000000',
};

type Tail<T> = T extends readonly [unknown, ...infer Rest] ? Rest : never;

const fill = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value).replace(/\{(\w+)\}/g, (_, name) => ids[name] ?? name));

for (const [name, as, request, body, status, answer] of people)
  test(name, () => check(as, request, body, status, answer));

async function check(...[as, request, body, status, answer]: Tail<PeopleCase>): Promise<void> {
  const world = await openWorld();
  try {
    const [method = '', path = ''] = fill(request).split(' ');
    const token = as === 'none' ? null : world.tokens[as];
    const given = await world.client({ method, path, token, ...(body === undefined ? {} : { body: fill(body) }) });
    expect(given.status, given.text).toBe(status);
    if (typeof answer === 'string') expect(given.json.error).toBe(answer);
    else if (answer !== undefined && !Array.isArray(answer)) expect(given.json).toMatchObject(fill(answer));
    else if (answer !== undefined)
      expect(given.json).toEqual(fill(answer).map((part: object) => expect.objectContaining(part)));
    expect(world.logged).toEqual([]);
  } finally {
    await world.close();
  }
}
