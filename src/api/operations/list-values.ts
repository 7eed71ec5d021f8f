import { listValues as readValues } from '../../store/values.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { renderValue } from '../render/value.ts';

export const listValues =
  ({ table }: ApiDependencies): Operation<'listValues'> =>
  async ({ loaded }) => {
    const records = await readValues(table, loaded);
    return { status: 200, body: `[${records.map(record => renderValue(record).text).join(',')}]` };
  };
