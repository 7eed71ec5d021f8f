import { clearRoles } from '../../store/clear.ts';
import { deleteEnvType as removeEnvType } from '../../store/env-types.ts';
import { findEnvironmentOfType } from '../../store/environments.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { renderEnvType } from '../render/places.ts';
import { refuse } from '../reply.ts';

export const deleteEnvType =
  ({ table }: ApiDependencies): Operation<'deleteEnvType'> =>
  async ({ loaded }) => {
    const used = await findEnvironmentOfType(table, loaded.org, loaded.id);
    if (used !== undefined) {
      const [app, environment] = used.split('/');
      return refuse(
        'ENV_TYPE_IN_USE',
        `Environment '${environment}' of app '${app}' is of this type; delete it first.`,
      );
    }
    // The roles first: a later type of this id must not be born with deployers. And once more, for one that was just given.
    const place = { scope: 'env-type', org: loaded.org, envType: loaded.id } as const;
    await clearRoles(table, place);
    await removeEnvType(table, loaded.org, loaded.id);
    await clearRoles(table, place);
    return { status: 200, body: renderEnvType(loaded) };
  };
