import { listValues as readValues } from '../../store/values.ts';
import { reportUnreadable } from '../log.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { renderValue } from '../render/value.ts';

export const listValues =
  ({ table, log }: ApiDependencies): Operation<'listValues'> =>
  async ({ loaded }) => {
    const records = await readValues(table, loaded, reportUnreadable(log));
    return { status: 200, body: `[${records.map(record => renderValue(record).text).join(',')}]` };
  };
