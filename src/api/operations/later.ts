import type { ApiDependencies } from '../operation.ts';
import { ADMINISTRATION_ROUTES, type Administration } from './administration-routes.ts';

/** Each loads all of them when it is called first: a cold start does without. */
export function administrationLater(dependencies: ApiDependencies): Administration {
  let loading: Promise<Record<string, (call: never) => unknown>> | undefined;
  const later = (id: string) => async (call: never) => {
    loading ??= import('./administration.ts').then(({ createAdministration }) => createAdministration(dependencies));
    return (await loading)[id]?.(call);
  };
  // as: Object.keys forgets the names; every id leads to its own operation
  return Object.fromEntries(Object.keys(ADMINISTRATION_ROUTES).map(id => [id, later(id)])) as unknown as Administration;
}
