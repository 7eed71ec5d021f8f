import { DEFINITION_TYPE, DEFINITION_TYPES } from '../body.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { NOT_FOUND } from '../reply.ts';
import { loadVersion } from '../version.ts';

export const getPipelineSchema =
  (dependencies: ApiDependencies): Operation<'getPipelineSchema'> =>
  async ({ request, loaded, query }) => {
    const definition = await loadVersion(dependencies, loaded, query.version ?? loaded.version);
    if (definition === undefined) return NOT_FOUND;
    const { text } = definition.version;
    if (!wantsJson(request.headers.accept)) {
      return { status: 200, headers: { 'content-type': DEFINITION_TYPE }, body: text };
    }
    const { readDocument } = await import('../../language/document/read-document.ts');
    const read = readDocument(text);
    if (!('document' in read)) throw new Error(`saved version ${definition.version.version} cannot be read any more`);
    return { status: 200, body: JSON.stringify(read.document.value) };
  };

/** JSON is for those who ask for it and not for YAML too. */
function wantsJson(accept: string | undefined): boolean {
  const types = (accept ?? '').split(',').map(range => range.split(';')[0]?.trim().toLowerCase());
  return (
    types.includes('application/json') &&
    !DEFINITION_TYPES.some(type => type !== 'application/json' && types.includes(type))
  );
}
