import type { Operation } from '../operation.ts';
import { makeSchema, replySchema } from '../render/index.ts';

/** Made when first asked for, then kept: it depends on nothing. The language is loaded for it then, too. */
let made: Promise<ReturnType<typeof makeSchema>> | undefined;

export const getLanguageSchema: Operation<'getLanguageSchema'> = async ({ request }) => {
  made ??= import('../../language/keys/definition.ts').then(({ definitionSchema }) => makeSchema(definitionSchema()));
  return replySchema(request, await made);
};
