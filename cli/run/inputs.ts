import { isMap } from './client.ts';

/** As it was given: `name=text` is read by the pipeline's schema, `name:=json` is JSON, and so is what a file holds. */
export type GivenInput =
  | { readonly name: string; readonly text: string; readonly isSecret: boolean }
  | { readonly name: string; readonly json: unknown };

export type ReadInputs =
  | { readonly inputs: Readonly<Record<string, unknown>> }
  | { readonly problems: readonly string[] };

/** `name=text` or `name:=json`. */
export function readInput(option: string): GivenInput | { readonly wrong: string } {
  const sign = option.indexOf('=');
  const isJson = option[sign - 1] === ':';
  const name = option.slice(0, isJson ? sign - 1 : sign);
  if (sign < 0 || name === '') return { wrong: '--input is name=value, or name:=JSON' };
  const text = option.slice(sign + 1);
  if (!isJson) return { name, text, isSecret: false };
  try {
    return { name, json: JSON.parse(text) };
  } catch {
    // What JSON.parse says quotes the value.
    return { wrong: `--input ${name}:= is not followed by JSON; for text write ${name}=…` };
  }
}

/** All problems at once; a message never quotes a value. Later ones win. Without a schema every text stays a text. */
export function readInputs(given: readonly GivenInput[], schema: unknown): ReadInputs {
  const properties = isMap(schema) && isMap(schema.properties) ? schema.properties : {};
  const inputs = new Map<string, unknown>();
  const problems: string[] = [];
  for (const one of given) {
    const own: unknown = Object.hasOwn(properties, one.name) ? properties[one.name] : undefined;
    if ('json' in one) {
      inputs.set(one.name, one.json);
      continue;
    }
    if (isMap(own) && own.writeOnly === true && !one.isSecret) {
      problems.push(`${one.name}: it is secret, and others may read a command line; use --secret-input ${one.name}`);
      continue;
    }
    const value = readText(own, one.text);
    if ('mustBe' in value) problems.push(`${one.name}: must be ${value.mustBe}`);
    else inputs.set(one.name, value.value);
  }
  return problems.length > 0 ? { problems } : { inputs: Object.fromEntries(inputs) };
}

type Value = { readonly value: unknown } | { readonly mustBe: string };

const WORDS: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
  object: 'a JSON object',
  array: 'a JSON list',
};

/** A text stays one where the schema takes text or does not say what it takes; `name:=json` is for the rest. */
function readText(schema: unknown, text: string): Value {
  const types = typesOf(schema);
  if (types.length === 0 || types.includes('string')) return { value: text };
  const mustBe = types.map(type => WORDS[type] ?? type).join(' or ');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // What it says quotes the value.
    return { mustBe };
  }
  if (!types.some(type => isOf(type, value))) return { mustBe };
  if (typeof value === 'number' && isInexact(text, value)) {
    return { mustBe: `${mustBe} that a computer keeps exactly; this one is too large` };
  }
  return { value };
}

function typesOf(schema: unknown): readonly string[] {
  if (!isMap(schema)) return [];
  const { type } = schema;
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return type.filter(one => typeof one === 'string');
  const values = Array.isArray(schema.enum) ? schema.enum : 'const' in schema ? [schema.const] : [];
  return [...new Set(values.map(kindOf))];
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function isOf(type: string, value: unknown): boolean {
  return type === 'integer' ? Number.isInteger(value) : kindOf(value) === type;
}

const isInexact = (text: string, value: number): boolean =>
  !Number.isFinite(value) || (/^-?\d+$/.test(text.trim()) && !Number.isSafeInteger(value));
