import type { Json } from '../../api/types.ts';

export type Schema = { readonly [key: string]: Json };

export function isObject(value: Json | undefined): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function schemasIn(value: Json | undefined): readonly Schema[] {
  return isList(value) ? value.filter(isObject) : [];
}

export function stringsIn(value: Json | undefined): readonly string[] {
  return isList(value) ? value.filter(one => typeof one === 'string') : [];
}

/** A member of its own: a document may have keys like `constructor`. */
export function member(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
