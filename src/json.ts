/** A value as JSON knows it: what inputs, outputs, contexts and answers are made of. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export type JsonObject = { readonly [name: string]: Json };

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = JsonObject;

/** Level by level, so that the depth of a hostile value is not the depth of a call stack. */
export function isDeeper(value: Json, limit: number): boolean {
  let level: readonly Json[] = [value];
  for (let depth = 0; depth <= limit; depth += 1) {
    level = level.flatMap(item => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    if (level.length === 0) return false;
  }
  return true;
}
