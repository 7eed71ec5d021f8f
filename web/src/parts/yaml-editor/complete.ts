import { completeExpression, expressionBefore } from './complete-expression.ts';
import type { Completion, Completions, Known } from './completion.ts';
import { isObject, member, type Schema, stringsIn } from './json-shape.ts';
import { keysOf, valuesOf } from './schema-words.ts';
import { schemasAt } from './schemas-at.ts';
import { valueAt, type YamlPlace, yamlPlace } from './yaml-place.ts';

/** What can be written at `offset`: keys and values of the schema, jobs for `needs`, names inside of expressions. */
export function complete(schema: Schema, text: string, offset: number, known: Known = {}): Completions | undefined {
  const place = yamlPlace(text, offset);
  const expression = expressionBefore(text, offset, place);
  if (expression !== undefined)
    return place === undefined ? undefined : completeExpression(expression, offset, place, known);
  if (place === undefined || place.role === 'text') return undefined;
  const { from, to, role, path, document, siblings, inFlow } = place;
  const schemas = schemasAt(schema, document, path);
  const values = () => [...valuesOf(schemas, inFlow), ...jobs(place)];
  // A word alone on its line can still become a value: the item of a list, or the value of the key above.
  const couldBeValue = role === 'value' || (siblings.length === 0 && !place.hasColon);
  const options = [...(role === 'key' ? keysOf(schema, schemas, place) : []), ...(couldBeValue ? values() : [])];
  return options.length === 0 ? undefined : { from, to, options };
}

/** Jobs that `needs` can name: not the job itself, none that is named already, none that needs this one. */
function jobs({ path, document }: YamlPlace): readonly Completion[] {
  const [root, own, key] = path;
  if (root !== 'jobs' || key !== 'needs' || typeof own !== 'string') return [];
  const all = member(document, 'jobs');
  const named = stringsIn(valueAt(document, ['jobs', own, 'needs']));
  const needs = (id: string): readonly string[] => {
    const value = valueAt(document, ['jobs', id, 'needs']);
    return typeof value === 'string' ? [value] : stringsIn(value);
  };
  const reaches = (id: string, seen: ReadonlySet<string>): boolean =>
    id === own || needs(id).some(next => !seen.has(next) && reaches(next, new Set([...seen, next])));
  return (isObject(all) ? Object.keys(all) : [])
    .filter(id => !named.includes(id) && !reaches(id, new Set([id])))
    .map(id => ({ label: id, kind: 'job', detail: 'job' }));
}
