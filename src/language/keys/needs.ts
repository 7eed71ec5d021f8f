import type { Json } from '../../json.ts';
import { isList } from '../json-kind.ts';
import { inside, type Place, type Shape } from '../shape/shape.ts';
import { text, wrongType } from '../shape/values.ts';

/** A need and the place that names it. */
export type Need = { readonly job: string; readonly place: Place };

const jobId = text();

/** One job id or a list of them. Whether they exist is for `checks/needs-graph.ts`. */
export const needs: Shape<readonly Need[]> = {
  schema: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
  read: (value, place) => {
    if (value === undefined) return [];
    if (typeof value === 'string') return readOne(value, place);
    if (isList(value)) return value.flatMap((item, index) => readOne(item, inside(place, index)));
    return wrongType(value, 'a job id or a list of job ids', place) ?? [];
  },
};

function readOne(value: Json, place: Place): readonly Need[] {
  const job = jobId.read(value, place);
  return job === undefined ? [] : [{ job, place }];
}
