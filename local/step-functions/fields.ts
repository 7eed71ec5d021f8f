import type { Json, JsonObject } from '../../src/json.ts';

/**
 * One object of the definition, read field by field. Each method takes the field named, so that `end` can refuse what
 * nobody asked for. Problems are collected; after one the method answers a value of its type all the same.
 */
export interface Fields {
  /** Where a field is inside its state: `Retry[0].ErrorEquals`. */
  path(name: string): string;
  problem(name: string, text: string): void;
  json(name: string): Json | undefined;
  text(name: string): string;
  texts(name: string): readonly string[];
  number(name: string, rule: NumberRule): number;
  objects(name: string): readonly Fields[];
  object(name: string): Fields;
  /** `Comment` may be anywhere and means nothing. */
  end(): void;
}

type NumberRule = { readonly min: number; readonly max?: number; readonly whole: boolean; readonly otherwise: number };

/** @param owner how problems begin, `state "X": `; @param prefix where this object is inside its state, `Retry[0].` */
export function readFields(value: Json | undefined, owner: string, prefix: string, problems: string[]): Fields {
  const source: JsonObject = isObject(value) ? value : {};
  const taken = new Set(['Comment']);

  const path = (name: string) => prefix + name;
  const problem = (name: string, text: string) => {
    problems.push(`${owner}field "${path(name)}" ${text}`);
  };
  const json = (name: string): Json | undefined => {
    taken.add(name);
    return source[name];
  };
  const list = (name: string): readonly Json[] => {
    const value = json(name);
    if (value === undefined) return [];
    if (Array.isArray(value) && value.length > 0) return value;
    problem(name, 'must be a list that is not empty');
    return [];
  };

  return {
    path,
    problem,
    json,
    text(name) {
      const value = json(name);
      if (typeof value === 'string' && value !== '') return value;
      problem(name, value === undefined ? 'is missing' : 'must be a string that is not empty');
      return '';
    },
    texts(name) {
      const texts = list(name).filter(item => typeof item === 'string');
      if (texts.length === 0 || texts.length !== list(name).length) problem(name, 'must be a list of strings');
      return texts;
    },
    number(name, { min, max = Number.POSITIVE_INFINITY, whole, otherwise }) {
      const value = json(name);
      if (value === undefined) return otherwise;
      if (typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value)))
        return value;
      problem(name, `must be ${whole ? 'an integer' : 'a number'} of at least ${min}`);
      return otherwise;
    },
    objects: name =>
      list(name).map((item, index) => {
        if (!isObject(item)) problem(`${name}[${index}]`, 'must be an object');
        return readFields(item, owner, `${path(name)}[${index}].`, problems);
      }),
    object(name) {
      const value = json(name);
      if (!isObject(value)) problem(name, value === undefined ? 'is missing' : 'must be an object');
      return readFields(value, owner, `${path(name)}.`, problems);
    },
    end() {
      for (const name of Object.keys(source)) if (!taken.has(name)) problem(name, 'is not supported');
    },
  };
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
