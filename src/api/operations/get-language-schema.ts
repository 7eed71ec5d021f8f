import type { ApiDependencies, Operation } from '../operation.ts';
import type { Entity } from '../render/entity.ts';
import { makeSchema, replySchema } from '../render/index.ts';

/** Orgs whose schema is kept: they differ in one pattern only, and one process sees few. */
const KEPT = 20;

/** Made when first asked for. The language and the actions are loaded for it then, too. */
export const getLanguageSchema = ({ actions }: Pick<ApiDependencies, 'actions'>): Operation<'getLanguageSchema'> => {
  const made = new Map<string, Promise<Entity>>();
  const make = async (org: string): Promise<Entity> => {
    const [{ definitionSchema }, known] = await Promise.all([import('../../language/keys/definition.ts'), actions()]);
    return makeSchema(definitionSchema({ actions: known, org }));
  };
  return async ({ request, params: { org } }) => {
    const schema = made.get(org) ?? make(org);
    if (made.size >= KEPT) made.clear();
    made.set(org, schema);
    try {
      return replySchema(request, await schema);
    } catch (error) {
      // What failed once may be there the next time.
      made.delete(org);
      throw error;
    }
  };
};
