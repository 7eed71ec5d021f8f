import type { Json } from '../../json.ts';
import { isMap } from '../json-kind.ts';
import type { Concurrency } from '../pipeline.ts';
import { fieldsSchema, readFields } from '../shape/fields.ts';
import type { Place, Shape } from '../shape/shape.ts';
import { GROUP_CONTEXTS, textTemplate } from '../shape/templates.ts';
import { flag, number, wrongType } from '../shape/values.ts';

const FIELDS = {
  group: {
    shape: textTemplate(GROUP_CONTEXTS, { min: 1 }),
    required: true,
    description:
      'The name of the group; may hold expressions over `inputs` and `pipeline`. Groups belong to an application.',
  },
  'cancel-in-progress': {
    shape: flag,
    description: 'Whether a new run cancels those of its group that are not over. Default: false, it waits its turn.',
  },
  limit: {
    shape: number({ minimum: 1, maximum: 20, whole: true }),
    description: 'How many runs of the group may execute at once. Default: 1.',
  },
} as const;

/** A map, or the group alone, as GitHub has it. */
export const concurrency: Shape<Concurrency | undefined> = {
  schema: { anyOf: [FIELDS.group.shape.schema, fieldsSchema(FIELDS)] },
  read: (value, place) => {
    if (value === undefined) return undefined;
    if (typeof value === 'string') return withDefaults({ group: FIELDS.group.shape.read(value, place) });
    return isMap(value) ? readMap(value, place) : wrongType(value, 'a group or a map', place);
  },
};

function readMap(value: Json, place: Place): Concurrency {
  const fields = readFields(FIELDS, '`concurrency`', value, place);
  return withDefaults({ group: fields.group, cancel: fields['cancel-in-progress'], limit: fields.limit });
}

type Given = {
  readonly group: Concurrency['group'] | undefined;
  readonly cancel?: boolean | undefined;
  readonly limit?: number | undefined;
};

function withDefaults({ group, cancel = false, limit = 1 }: Given): Concurrency {
  return { group: group ?? { kind: 'literal', value: '' }, cancelInProgress: cancel, limit };
}
