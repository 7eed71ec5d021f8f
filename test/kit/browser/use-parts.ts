import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { SECURITY_HEADERS } from '../../../web/security-headers.ts';
import { GUARD, type View } from './open-web.ts';
import { watchForTrouble } from './trouble.ts';

const ROOT = join(import.meta.dirname, '../../../web');

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

export type PartPage = {
  readonly page: Page;
  /** Shows the part with these props; the second time with other ones. `reports`: callbacks whose calls are kept. */
  show(props: Readonly<Record<string, unknown>>): Promise<void>;
  /** The first argument of each call of a callback so far. */
  told(report: string): Promise<readonly unknown[]>;
};

/** A page with one part and nothing else (web/harness/), under the policy of the product; trouble fails the test. */
export function useParts(): (
  name: string,
  props: Readonly<Record<string, unknown>>,
  options?: View & { readonly reports?: readonly string[] },
) => Promise<PartPage> {
  let folder = '';
  let server: Server | undefined;
  let browser: Browser | undefined;
  let troubles: string[] = [];
  let pages: Page[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pipecall-parts-'));
    await build({
      root: ROOT,
      configFile: join(ROOT, 'vite.config.ts'),
      logLevel: 'error',
      build: { outDir: folder, emptyOutDir: true, rolldownOptions: { input: join(ROOT, 'harness/index.html') } },
    });
    server = await serve(folder);
    browser = await chromium.launch({
      executablePath: process.env.PIPECALL_CHROMIUM || '/usr/bin/chromium',
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', '--force-color-profile=srgb'],
    });
  });
  afterEach(async () => {
    await Promise.all(pages.map(page => page.context().close()));
    pages = [];
    const found = troubles;
    troubles = [];
    expect(found).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  return async (name, props, { width = 1280, height = 900, theme = 'light', reports = [] } = {}) => {
    if (browser === undefined || server === undefined) throw new Error('a part is opened inside of a test');
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'UTC',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(GUARD);
    const page = await context.newPage();
    pages.push(page);
    await watchForTrouble(page, trouble => troubles.push(trouble));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await page.goto(`http://127.0.0.1:${port}/ui/harness/index.html`);
    await page.getByRole('heading', { name: 'Nothing' }).waitFor();
    const show = async (next: Readonly<Record<string, unknown>>): Promise<void> => {
      await page.evaluate(([part, given, told]) => window.show(part, given, told), [name, next, reports] as const);
      await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
      await page.getByText('Loading', { exact: true }).waitFor({ state: 'detached' });
    };
    await show(props);
    return { page, show, told: report => page.evaluate(key => window.told[key] ?? [], report) };
  };
}

/** What web/harness/harness.tsx puts there. */
declare global {
  interface Window {
    show: (name: string, props: Readonly<Record<string, unknown>>, reports: readonly string[]) => void;
    told: Readonly<Record<string, readonly unknown[]>>;
  }
}

async function serve(folder: string): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname));
    try {
      const file = await readFile(join(folder, path.replace(/^\/ui\//, '/')));
      response.writeHead(200, {
        ...SECURITY_HEADERS,
        'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      });
      response.end(file);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}
