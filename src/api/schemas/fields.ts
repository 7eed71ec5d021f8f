import type { JsonSchema } from '../../json.ts';
import { assertNever } from '../assert-never.ts';
import { object } from './shapes.ts';

/** A key of a JSON body: what it may hold. The schema in the OpenAPI document and the reader are both made of it. */
export type BodyField = { readonly description: string; readonly optional?: true } & (
  | { readonly kind: 'text'; readonly minLength?: number; readonly maxLength: number; readonly pattern?: string }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'flag' }
  /** RFC 3339; null says `never`. */
  | { readonly kind: 'time or null' }
);

export type BodyFields = Readonly<Record<string, BodyField>>;

type FieldValue<F extends BodyField> = F extends { kind: 'text' }
  ? string
  : F extends { kind: 'choice'; values: readonly (infer Value)[] }
    ? Value
    : F extends { kind: 'flag' }
      ? boolean
      : F extends { kind: 'time or null' }
        ? number | null
        : never;

/** What a body is read to: times as milliseconds since the epoch. */
export type BodyValues<F extends BodyFields> = {
  readonly [Name in keyof F as F[Name] extends { optional: true } ? never : Name]: FieldValue<F[Name]>;
} & {
  readonly [Name in keyof F as F[Name] extends { optional: true } ? Name : never]?: FieldValue<F[Name]>;
};

export function bodySchema(description: string, fields: BodyFields): JsonSchema {
  const schemasOf = (optional: boolean): Record<string, JsonSchema> =>
    Object.fromEntries(
      Object.entries(fields)
        .filter(([, field]) => (field.optional === true) === optional)
        .map(([name, field]) => [name, fieldSchema(field)]),
    );
  return object(description, schemasOf(false), schemasOf(true));
}

function fieldSchema(field: BodyField): JsonSchema {
  const { description } = field;
  switch (field.kind) {
    case 'text': {
      const { minLength = 0, maxLength, pattern } = field;
      return { type: 'string', minLength, maxLength, ...(pattern === undefined ? {} : { pattern }), description };
    }
    case 'choice':
      return { enum: field.values, description };
    case 'flag':
      return { type: 'boolean', description };
    case 'time or null':
      return { type: ['string', 'null'], format: 'date-time', description };
    default:
      return assertNever(field);
  }
}
