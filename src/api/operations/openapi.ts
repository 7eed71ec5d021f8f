import type { Operation } from '../operation.ts';

/** Loaded and made when first asked for, then kept: it depends on nothing. */
let document: Promise<string> | undefined;

export const getOpenApi: Operation<'getOpenApi'> = async () => {
  document ??= import('../openapi.ts').then(({ describeApi }) => JSON.stringify(describeApi()));
  return { status: 200, body: await document };
};
