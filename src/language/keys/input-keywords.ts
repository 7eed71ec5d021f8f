/** Types an input can have. */
export const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object'] as const;

export type InputType = (typeof TYPES)[number];

/** Keywords of JSON Schema 2020-12 that rule values of every type. */
const ANY = ['enum', 'const', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'] as const;

/** They say something to people only. */
const NOTES = ['title', 'examples', 'deprecated', '$comment'] as const;

const NUMBER = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'] as const;

/**
 * Keywords by the type they rule. `$ref` and its like are left out: a declaration stands for itself, and one that refers
 * to itself would never end.
 */
const BY_TYPE: Readonly<Record<InputType, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  number: NUMBER,
  integer: NUMBER,
  boolean: [],
  array: [
    'items',
    'prefixItems',
    'contains',
    'minContains',
    'maxContains',
    'minItems',
    'maxItems',
    'uniqueItems',
    'unevaluatedItems',
  ],
  object: [
    'properties',
    'patternProperties',
    'additionalProperties',
    'propertyNames',
    'minProperties',
    'maxProperties',
    'dependentRequired',
    'dependentSchemas',
    'unevaluatedProperties',
  ],
};

/** The keywords of an input of this type; without a type, all of them. */
export function keywordsOf(type: InputType | undefined): readonly string[] {
  const own = type === undefined ? Object.values(BY_TYPE).flat() : BY_TYPE[type];
  return [...new Set([...own, ...ANY, ...NOTES])];
}

/** The keywords of a schema inside of a declaration; there `required` is JSON Schema's list. */
export const INNER_KEYWORDS: readonly string[] = [
  'type',
  'description',
  'default',
  'required',
  ...keywordsOf(undefined),
];

/** Where schemas stand inside a schema. */
export const HOLDS_SCHEMA: ReadonlySet<string> = new Set([
  ...['items', 'contains', 'additionalProperties', 'propertyNames', 'unevaluatedItems', 'unevaluatedProperties'],
  ...['not', 'if', 'then', 'else'],
]);
export const HOLDS_SCHEMAS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
export const HOLDS_NAMED_SCHEMAS: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  'dependentSchemas',
]);
