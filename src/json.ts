/** A value as JSON knows it: what inputs, outputs, contexts and answers are made of. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export type JsonObject = { readonly [name: string]: Json };

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = JsonObject;
