import { clearRoles } from '../../store/clear.ts';
import { deleteEnvType as removeEnvType } from '../../store/env-types.ts';
import { findEnvironmentOfType } from '../../store/environments.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { renderEnvType } from '../render/places.ts';
import { refuse } from '../reply.ts';

/** Milliseconds that the id stays taken: what was under way for the old type is over by then. */
const DAY = 86_400_000;

export const deleteEnvType =
  ({ table, clock }: ApiDependencies): Operation<'deleteEnvType'> =>
  async ({ loaded }) => {
    const used = await findEnvironmentOfType(table, loaded.org, loaded.id);
    if (used !== undefined) {
      const [app, environment] = used.split('/');
      return refuse(
        'ENV_TYPE_IN_USE',
        `Environment '${environment}' of app '${app}' is of this type; delete it first.`,
      );
    }
    // The roles first: whoever dies on the way repeats the request. And once more, for one that was just given.
    const place = { scope: 'env-type', org: loaded.org, envType: loaded.id } as const;
    await clearRoles(table, place);
    await removeEnvType(table, loaded.org, loaded.id, clock.now() + DAY);
    await clearRoles(table, place);
    return { status: 200, body: renderEnvType(loaded) };
  };
