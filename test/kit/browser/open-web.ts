import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { ADMIN_TOKEN, startLocalServer, temporaryFolder } from '../local-server.ts';
import { watchForTrouble } from './trouble.ts';

/** The people that `npm start` makes; `admin` is the administrator of the org `demo`, the others have roles on its app `hello`. */
export type Person = 'admin' | 'owner' | 'developer' | 'viewer' | 'deployer' | 'service';

export type View = {
  /** Pixels. Default 1280 × 800. */
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  /** False: animations run. Default: they do not, so that screenshots and clicks hit what stands still. */
  readonly reducedMotion?: boolean;
};

// biome-ignore lint/suspicious/noExplicitAny: whatever the API answers; tests look at single fields
export type Answer = { readonly status: number; readonly json: any; readonly headers: Headers };
/** A local server with the built web UI, and a browser. */
export type Web = {
  /** Of the server, without a slash at the end. */
  readonly url: string;
  readonly tokens: Readonly<Record<Person, string>>;
  /** Calls the API as somebody: a string is a definition, everything else JSON. Rejects unless the status is below 400 or `expected`. */
  api(
    person: Person,
    request: `${'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'} /${string}`,
    body?: unknown,
    expected?: number,
  ): Promise<Answer>;
  /** A page of the UI (`/me`, without `/ui`), in a window of its own where this person is signed in. Undefined: nobody is. */
  open(person: Person | undefined, path: string, view?: View): Promise<Page>;
  /** What went wrong in any page since the last call: errors of scripts, violations of the policy, files that are missing. */
  troubles(): readonly string[];
  closePages(): Promise<void>;
  close(): Promise<void>;
};

/** Milliseconds until something that does not come is given up: long, since it is no assertion about speed. */
export const GUARD = 60_000;

export async function openWeb(webFolder: string): Promise<Web> {
  const data = await temporaryFolder();
  const [server, browser] = await Promise.all([
    startLocalServer({ data: data.path, env: { PIPECALL_WEB: webFolder } }),
    launchBrowser(),
  ]);
  const tokens: Record<Person, string> = {
    ...JSON.parse(await readFile(join(data.path, 'tokens.json'), 'utf8')),
    admin: ADMIN_TOKEN,
  };
  let contexts: BrowserContext[] = [];
  let troubles: string[] = [];
  return {
    url: server.url,
    tokens,
    async api(person, request, body, expected) {
      const [method = '', path = ''] = request.split(' ');
      const type = typeof body === 'string' ? 'application/x-yaml' : 'application/json';
      const response = await fetch(`${server.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${tokens[person]}`, ...(body === undefined ? {} : { 'content-type': type }) },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.status >= 400 && response.status !== expected) {
        throw new Error(`${request} was answered with ${response.status}: ${text}`);
      }
      const json = /\bjson\b/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text;
      return { status: response.status, json, headers: response.headers };
    },
    async open(person, path, view = {}) {
      const { width = 1280, height = 800, theme = 'light', reducedMotion = true } = view;
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: theme,
        reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
        locale: 'en-GB',
        timezoneId: 'UTC',
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      contexts.push(context);
      context.setDefaultTimeout(GUARD);
      if (person !== undefined) {
        const token = JSON.stringify(tokens[person]);
        // Once: whoever signs out in the test stays signed out.
        await context.addInitScript(
          `if (!sessionStorage.getItem('signed-in-by-test')) { sessionStorage.setItem('signed-in-by-test', '1'); sessionStorage.setItem('pipecall.token', ${token}); }`,
        );
      }
      const page = await context.newPage();
      await watchForTrouble(page, trouble => troubles.push(trouble));
      await page.goto(`${server.url}/ui${path}`);
      return page;
    },
    troubles() {
      const found = troubles;
      troubles = [];
      return found;
    },
    async closePages() {
      const open = contexts;
      contexts = [];
      // What a test answers itself may be under way, or never answered at all: it ends with the page, and is no failure.
      const pages = open.flatMap(context => context.pages());
      await Promise.all(pages.map(page => page.unrouteAll({ behavior: 'ignoreErrors' })));
      await Promise.all(open.map(context => context.close()));
    },
    async close() {
      await browser.close();
      await server.stop('SIGTERM');
      await data.remove();
    },
  };
}

/** The `chromium` of the PATH, unless `PIPECALL_CHROMIUM` names another. */
async function launchBrowser(): Promise<Browser> {
  const name = process.env.PIPECALL_CHROMIUM || 'chromium';
  const folders = name.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  const executablePath = folders.map(folder => join(folder, name)).find(existsSync) ?? name;
  try {
    return await chromium.launch({
      executablePath,
      // Root, as in containers, has no sandbox; the pages are our own.
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', '--force-color-profile=srgb'],
    });
  } catch (cause) {
    throw new Error(
      `cannot start ${executablePath}; install Chromium (apt-get install chromium) or name it in PIPECALL_CHROMIUM`,
      { cause },
    );
  }
}
