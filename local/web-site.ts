import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { SECURITY_HEADERS } from '../web/security-headers.ts';

/** What answers GET and HEAD on some paths, before the API. */
export type Site = {
  /** Undefined: the path is not its own. `headers`: those of the request, lower-case. */
  answer(
    path: string,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): Promise<SiteAnswer> | undefined;
};

export type SiteAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
};

/** Where `npm run build` puts the web UI. */
export const WEB_FOLDER = join(import.meta.dirname, '..', 'web', 'dist');

const BASE = '/ui/';
const ASSETS = `${BASE}assets/`;

/** Names of assets hold a hash of what is in them, so one never changes; the page that names them is asked for each time. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const ASK_EACH_TIME = 'no-cache';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/**
 * The web UI as CloudFront serves it in AWS (`infra/web-site.ts`): `/` leads to `/ui/`, files below `/ui/assets/`, and at every
 * other address below `/ui/` the one page, which finds out by itself what to show there.
 */
export function createWebSite(folder: string = WEB_FOLDER): Site {
  return {
    answer(path, headers) {
      if (path === '/' || path === '/ui') return Promise.resolve({ status: 302, headers: { location: BASE } });
      if (path.startsWith(ASSETS)) return answerAsset(folder, path.slice(ASSETS.length), headers);
      return path.startsWith(BASE) ? answerPage(folder, headers) : undefined;
    },
  };
}

type RequestHeaders = Parameters<Site['answer']>[1];

async function answerPage(folder: string, headers: RequestHeaders): Promise<SiteAnswer> {
  const bytes = await readIfThere(join(folder, 'index.html'));
  return bytes === undefined ? say(503, NOT_BUILT) : answerFile(bytes, '.html', ASK_EACH_TIME, headers);
}

async function answerAsset(folder: string, name: string, headers: RequestHeaders): Promise<SiteAnswer> {
  // Assets lie in one folder and have plain names: what is none is no path that could lead out of it either.
  const bytes = /^[\w-][\w.-]*$/.test(name) ? await readIfThere(join(folder, 'assets', name)) : undefined;
  return bytes === undefined ? say(404, 'There is no such file.') : answerFile(bytes, extname(name), FOR_EVER, headers);
}

function answerFile(bytes: Buffer, extension: string, cache: string, headers: RequestHeaders): SiteAnswer {
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  const always = { ...SECURITY_HEADERS, etag, 'cache-control': cache };
  const known = String(headers['if-none-match'] ?? '').split(/\s*,\s*/);
  if (known.includes(etag) || known.includes(`W/${etag}`)) return { status: 304, headers: always };
  const type = TYPES[extension] ?? 'application/octet-stream';
  return { status: 200, headers: { ...always, 'content-type': type }, body: bytes };
}

const NOT_BUILT = 'The web UI is not built. Run `npm run build`, then load this page again.';

function say(status: number, text: string): SiteAnswer {
  const headers = { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  return { status, headers, body: Buffer.from(`${text}\n`) };
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR'))
      return undefined;
    throw error;
  }
}
