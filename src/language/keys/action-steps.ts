import type { Json, JsonObject, JsonSchema } from '../../json.ts';
import { isList, isMap } from '../json-kind.ts';
import type { ActionShape, ActionShapes } from '../shape/shape.ts';

/** The actions that an editor completes. `org`: whose own actions a step may use as well, whatever they take. */
export type KnownActions = { readonly actions: ActionShapes; readonly org: string };

/** The schema of a step, by what its action is: the names that there are, and what `with` takes for each. */
export function stepWithActions(step: JsonSchema, { actions, org }: KnownActions): JsonSchema {
  const properties = isMap(step.properties) ? step.properties : {};
  const uses = isMap(properties.uses) ? properties.uses : {};
  const keys = [...actions.keys()];
  const known = keys.map(key => ({ const: key, ...describe(actions.get(key)?.summary) }));
  const others = keys.flatMap(key => formsOf(key, keys).filter(form => form !== key));
  const own = {
    type: 'string',
    pattern: `^(?:native://)?actions/${org}/[^@/]+(?:@v[1-9]\\d{0,5})?$`,
    description: `An action that the org \`${org}\` registered.`,
  };
  return {
    ...step,
    properties: { ...properties, uses: { ...uses, anyOf: [...known, { enum: others }, own] } },
    allOf: [...actions].map(([key, action]) => ({
      if: { properties: { uses: { enum: formsOf(key, keys) } }, required: ['uses'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: takes(key, action),
    })),
  };
}

const describe = (description: string | undefined): JsonObject => (description === undefined ? {} : { description });

/** Every way to write it, as `readUses` reads them: without a version it is the newest. */
function formsOf(key: string, keys: readonly string[]): readonly string[] {
  const [name = '', version] = key.split('@v');
  const isNewest = keys.every(
    other => !other.startsWith(`${name}@v`) || Number(other.split('@v')[1]) <= Number(version),
  );
  return (isNewest ? [key, name] : [key]).flatMap(form => [form, `native://${form}`]);
}

function takes(key: string, { inputs }: ActionShape): JsonSchema {
  const required = Array.isArray(inputs.required) && inputs.required.length > 0;
  const asks = required || typeof inputs.minProperties === 'number' || 'oneOf' in inputs || 'anyOf' in inputs;
  return {
    properties: { with: { ...inside(inputs), description: `The inputs of \`${key}\`.` } },
    ...(asks ? { required: ['with'] } : {}),
  };
}

/** What stands in the place of a value until the run comes there. */
const EXPRESSION = { type: 'string', pattern: '\\$\\{\\{' };

/** Where a value may stand, an expression may. What people read stays outside, where editors look for it. */
function orExpression(schema: JsonSchema): JsonSchema {
  const { description, default: preset, ...rules } = schema;
  const about = {
    ...(description === undefined ? {} : { description }),
    ...(preset === undefined ? {} : { default: preset }),
  };
  return Object.keys(rules).length === 0 ? about : { ...about, anyOf: [inside(rules), EXPRESSION] };
}

/**
 * The same schema, with expressions in place of what is inside the value. What an `if` or a choice says depends on values:
 * it is left to the check, unless the choice is between keys.
 */
function inside(schema: JsonSchema): JsonSchema {
  const kept = Object.entries(schema).filter(([keyword, value]) =>
    keyword === 'anyOf' || keyword === 'oneOf' ? isAboutKeys(value) : !CONDITIONAL.includes(keyword),
  );
  return Object.fromEntries(
    kept.map(([keyword, value]): [string, Json] => {
      if (!isMap(value)) return [keyword, value];
      switch (keyword) {
        case 'properties':
          return [keyword, Object.fromEntries(Object.entries(value).map(([name, of]) => [name, inPlaceOf(of)]))];
        case 'items':
        case 'additionalProperties':
          return [keyword, orExpression(value)];
        default:
          return [keyword, value];
      }
    }),
  );
}

const CONDITIONAL: readonly string[] = ['if', 'then', 'else', 'not'];

const inPlaceOf = (schema: Json): Json => (isMap(schema) ? orExpression(schema) : schema);

/** `oneOf: [{ required: [seconds] }, { required: [until] }]` */
const isAboutKeys = (choices: Json): boolean =>
  isList(choices) && choices.every(choice => isMap(choice) && Object.keys(choice).every(key => key === 'required'));
