import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, type Person, smallPipeline, type World } from '../kit/api-world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
  const headers = { 'content-type': 'application/x-yaml' };
  await world.client({ method: 'POST', path: '/orgs/acme/apps/blog/pipelines', headers, body: smallPipeline('post') });
  await world.addRun();
  await world.addRun({ app: 'blog', pipeline: 'post' });
});
afterAll(() => world.close());

const BOTH = ['blog', 'shop'];

/** A list of an org is for everybody in it, and shows what each may read. */
test.each<[Person, readonly string[]]>([
  ['admin', BOTH],
  ['orgViewer', BOTH],
  ['owner', ['shop']],
  ['developer', ['shop']],
  ['viewer', ['shop']],
  ['grouped', ['shop']],
  ['manager', []],
  ['member', []],
  ['typeDeployer', []],
])('%s sees what is in %j', async (who, apps) => {
  const token = world.tokens[who];
  for (const list of ['pipelines', 'pipeline-runs']) {
    for (const search of ['', '?app=shop&app=blog', '?per_page=1']) {
      const seen: string[] = [];
      let path: string | undefined = `/orgs/acme/${list}${search}`;
      while (path !== undefined) {
        const page = await world.client({ path, token });
        expect(page.status, page.text).toBe(200);
        seen.push(...page.json.map(({ app_id }: { app_id: string }) => app_id));
        path = /<(.+)>/.exec(page.headers.link ?? '')?.[1];
      }
      expect(seen.toSorted(), `${list}${search}`).toEqual(apps);
    }
    // Asking for an app by name tells nothing about it.
    const asked = await world.client({ path: `/orgs/acme/${list}?app=blog`, token });
    expect(asked.json.length).toBe(apps.includes('blog') ? 1 : 0);
  }
  expect((await world.client({ path: '/orgs/acme/pipeline-schemas/latest', token })).status).toBe(200);
});
