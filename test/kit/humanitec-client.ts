import { apiConfig, PublicApi, ResponseError } from '@humanitec/autogen';
import { expect } from 'vitest';
import { ADMIN_TOKEN, type LocalServer, startLocalServer, temporaryFolder } from './local-server.ts';

export type Heard = { readonly status: number; readonly headers: Headers; readonly body: unknown };

/** The client that is generated from the published Humanitec API, with no change but the base URL and the token. */
export type HumanitecClient = {
  readonly server: LocalServer;
  readonly api: PublicApi;
  /** The same client with another token. */
  as(token: string): PublicApi;
  /** What came over the wire with the last answer: the client drops what its types do not know, and checks nothing. */
  heard(): Heard;
  /** Whether the last answer was a list, not empty, of what the client's own judge knows. */
  isListOf(judge: (value: object) => boolean): boolean;
  isOne(judge: (value: object) => boolean): boolean;
  close(): Promise<void>;
};

/** A local server of its own, and the client for it. */
export async function openHumanitecClient(): Promise<HumanitecClient> {
  const folder = await temporaryFolder();
  const server = await startLocalServer({ data: folder.path });
  let heard: Heard | undefined;
  const last = (): Heard => {
    if (heard === undefined) throw new Error('nothing was answered yet');
    return heard;
  };
  const as = (token: string): PublicApi =>
    new PublicApi(apiConfig({ apiHost: server.url, token })).withPostMiddleware(async ({ response }) => {
      const text = await response.clone().text();
      const json = /json/.test(response.headers.get('content-type') ?? '');
      heard = { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
    });
  return {
    server,
    as,
    api: as(ADMIN_TOKEN),
    heard: last,
    isListOf: judge => {
      const { body } = last();
      return Array.isArray(body) && body.length > 0 && body.every(judge);
    },
    isOne: judge => {
      const { body } = last();
      return typeof body === 'object' && body !== null && judge(body);
    },
    async close() {
      await server.stop('SIGTERM');
      await folder.remove();
    },
  };
}

/** What the client throws for an answer that is no success, in our error shape. */
export async function refused(call: Promise<unknown>): Promise<{ readonly status: number }> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    const body: unknown = await error.response.json();
    expect(body).toMatchObject({ error: expect.any(String), message: expect.any(String) });
    return { status: error.response.status };
  }
  throw new Error('the call succeeded');
}

/** A dry run answers nothing, so the client's types say that everything may. */
export function made<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('nothing was made');
  return value;
}
