import type { Json } from '../../api/types.ts';
import { fieldKind, type InputSchema, isMap, propertiesOf } from './field-kind.ts';
import type { Inputs } from './request-body.ts';

/** What a line to copy says about an input. A secret never has its value; where one is missing somebody has to write it. */
export type ShownInput = { readonly name: string } & (
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'secret'; readonly isText: boolean }
  | { readonly kind: 'missing'; readonly isText: boolean }
);

/** Of inputs in whose fields stands what is no value yet: `count`, `labels.team`. */
export type BrokenInputs = ReadonlySet<string>;
const NONE: BrokenInputs = new Set();

/** What the form would send and what it would ask for first, in the order of the form. */
export function shownInputs(schema: InputSchema, inputs: Inputs, broken = NONE): readonly ShownInput[] {
  const required = requiredOf(schema);
  return propertiesOf(schema).flatMap(([name, child]): readonly ShownInput[] => {
    const value = givenTo(inputs, name, [child, broken]);
    const isText = takesText(child);
    if (value === undefined && !required.includes(name) && !broken.has(name)) return [];
    if (child.writeOnly === true) return [{ name, kind: 'secret', isText }];
    if (value === undefined) return [{ name, kind: 'missing', isText }];
    return [{ name, kind: 'value', value: withPlaceholders(child, value, name, broken) }];
  });
}

/** Inputs that must be given and are not; `labels.team` is a member of one. */
export function missingInputs(schema: InputSchema, inputs: Inputs, path = ''): readonly string[] {
  const required = requiredOf(schema);
  return propertiesOf(schema).flatMap(([name, child]) => {
    const value = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (value === undefined) return required.includes(name) && child.writeOnly !== true ? [`${path}${name}`] : [];
    return fieldKind(child) === 'nested' && isMap(value) ? missingInputs(child, value, `${path}${name}.`) : [];
  });
}

/** Only ever inside of quotes, so that a shell does not read it. */
export const placeholder = (name: string): string => `<${name}>`;

/** Where the command-line tool, too, looks for a secret: `PIPECALL_INPUT_API_KEY` for `api-key`. */
export const variableOf = (name: string): string =>
  `PIPECALL_INPUT_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;

/** By name of a secret: a variable of its own. Of `api-key` and `api_key` the second one has `_2` behind it. */
export function variablesOf(inputs: readonly ShownInput[]): ReadonlyMap<string, string> {
  const secrets = inputs.filter(({ kind }) => kind === 'secret').map(({ name }) => name);
  const plain = new Set(secrets.map(variableOf));
  const variables = new Map<string, string>();
  for (const name of secrets) {
    const taken = new Set(variables.values());
    let variable = variableOf(name);
    for (let count = 2; taken.has(variable); count += 1) {
      const next = `${variableOf(name)}_${count}`;
      if (!plain.has(next)) variable = next;
    }
    variables.set(name, variable);
  }
  return variables;
}

/** A group of which nothing is given is given all the same, where something stands in a field of it. */
function givenTo(inputs: Inputs, name: string, [child, broken]: readonly [InputSchema, BrokenInputs]) {
  if (Object.hasOwn(inputs, name)) return inputs[name];
  const isGroup = fieldKind(child) === 'nested' && child.writeOnly !== true;
  return isGroup && [...broken].some(path => path.startsWith(`${name}.`)) ? {} : undefined;
}

function withPlaceholders(schema: InputSchema, value: Json, path: string, broken: BrokenInputs): Json {
  if (fieldKind(schema) !== 'nested' || !isMap(value)) return value;
  const required = requiredOf(schema);
  const members = propertiesOf(schema).flatMap(([name, child]): readonly (readonly [string, Json])[] => {
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    const here = `${path}.${name}`;
    if (member !== undefined) return [[name, withPlaceholders(child, member, here, broken)]];
    return required.includes(name) || broken.has(here) ? [[name, placeholder(here)]] : [];
  });
  return { ...value, ...Object.fromEntries(members) };
}

function requiredOf({ required }: InputSchema): readonly Json[] {
  return Array.isArray(required) ? required : [];
}

function takesText(schema: InputSchema): boolean {
  if (fieldKind(schema) !== 'choice') return schema.type === 'string';
  return Array.isArray(schema.enum) && schema.enum.every(one => typeof one === 'string');
}
