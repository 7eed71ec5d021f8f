import { describeApi } from '../openapi.ts';
import type { Operation } from '../operation.ts';

/** Made when first asked for, then kept: it depends on nothing. */
let document: string | undefined;

export const getOpenApi: Operation<'getOpenApi'> = () => {
  document ??= JSON.stringify(describeApi());
  return { status: 200, body: document };
};
