import type { ServerResponse } from 'node:http';
import { createStandIn, type Seen } from '../actions/stand-in.ts';

/** A request as a stand-in of a provider sees it. `body`: parsed, if it is JSON. */
export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string | undefined;
  readonly body: unknown;
};

export type Told = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** What comes instead of the next answer. `lost`: the request is carried out, and the connection breaks. */
export type Trouble = { readonly on: string; readonly times?: number } & (Told | { readonly lost: 'after' | 'before' });

export type ProviderStandIn = {
  readonly origin: string;
  /** `POST /repos/…`, oldest first, without queries. */
  readonly asked: readonly string[];
  readonly requests: readonly Seen[];
  close(): Promise<void>;
};

/** A provider on loopback: `answer` is its mind, `troubles` what happens to requests whose `METHOD path` holds `on`. */
export async function createProvider(
  answer: (asked: Asked, origin: string) => Told,
  troubles: readonly Trouble[],
): Promise<ProviderStandIn> {
  const left = troubles.map(trouble => ({ trouble, times: trouble.times ?? 1 }));
  const asked: string[] = [];
  const standIn = await createStandIn((request, response) => {
    const url = new URL(request.url ?? '/', 'http://provider.test');
    const seen = standIn.log.requests.at(-1);
    const line = `${request.method} ${url.pathname}`;
    asked.push(line);
    const trouble = left.find(entry => entry.times > 0 && line.includes(entry.trouble.on));
    if (trouble !== undefined) trouble.times--;
    const now = trouble?.trouble;
    if (now !== undefined && 'status' in now) return send(response, now);
    if (now !== undefined && now.lost === 'before') return void request.socket.destroy();
    const told = answer(
      {
        method: request.method ?? '',
        path: decodeURI(url.pathname),
        query: url.searchParams,
        token: request.headers.authorization?.replace(/^Bearer /, ''),
        body: parsed(seen?.body ?? ''),
      },
      standIn.origin,
    );
    if (now === undefined) send(response, told);
    else request.socket.destroy();
  });
  return { origin: standIn.origin, asked, requests: standIn.log.requests, close: standIn.close };
}

function send(response: ServerResponse, { status, body, headers = {} }: Told): void {
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(text);
}

function parsed(text: string): unknown {
  return text === '' ? undefined : JSON.parse(text);
}

/** One page of a list, and the `Link` header of https://www.rfc-editor.org/rfc/rfc8288 that leads to the next. */
export function pageOf<T>(all: readonly T[], { path, query }: Asked, origin: string) {
  const size = Math.min(Number(query.get('per_page') ?? 30), 100);
  const page = Number(query.get('page') ?? 1);
  const next = new URLSearchParams(query);
  next.set('page', String(page + 1));
  const more = all.length > page * size;
  const headers: Record<string, string> = more ? { link: `<${origin}${path}?${next}>; rel="next"` } : {};
  return { entries: all.slice((page - 1) * size, page * size), headers };
}
