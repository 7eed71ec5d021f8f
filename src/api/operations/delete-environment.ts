import { deleteEnvironment as removeEnvironment } from '../../store/environments.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { NO_CONTENT } from '../reply.ts';

export const deleteEnvironment =
  ({ table }: ApiDependencies): Operation<'deleteEnvironment'> =>
  async ({ params: { org, app }, loaded, judge, audit }) => {
    audit({ env_type: loaded.type });
    const refused = judge('environments.delete', { org, app, envType: loaded.type });
    if (refused !== undefined) return refused;
    await removeEnvironment(table, { org, app }, loaded.id);
    return NO_CONTENT;
  };
