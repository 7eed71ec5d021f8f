import { deleteValues as removeAll, deleteValue as removeValue } from '../../store/values.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { checkIfMatch } from '../render/index.ts';
import { renderValue } from '../render/value.ts';
import { NO_CONTENT } from '../reply.ts';

export const deleteValue =
  ({ table }: ApiDependencies): Operation<'deleteValue'> =>
  async ({ request, params, loaded }) => {
    const mismatch = checkIfMatch(request, renderValue(loaded));
    if (mismatch !== undefined) return mismatch;
    await removeValue(table, params, loaded.key);
    return NO_CONTENT;
  };

export const deleteValues =
  ({ table }: ApiDependencies): Operation<'deleteValues'> =>
  async ({ loaded }) => {
    await removeAll(table, loaded);
    return NO_CONTENT;
  };
