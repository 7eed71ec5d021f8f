import type { Permission } from '../access/permissions.ts';
import type { ErrorCode } from './error-codes.ts';
import type { SchemaName } from './schemas.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Object of the path that is read at the same time as the caller; absent: 404. */
export type Load = 'nothing' | 'app' | 'env' | 'envType' | 'pipeline' | 'run' | 'value' | 'webhook';

/** How the text of a query parameter is read. A `time` is RFC 3339; a `map` is written `name[key]=value`. */
type QueryKind =
  | { readonly kind: 'text' }
  | { readonly kind: 'texts' }
  | { readonly kind: 'flag' }
  | { readonly kind: 'time' }
  | { readonly kind: 'map' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'choices'; readonly values: readonly string[] }
  | { readonly kind: 'count'; readonly min: number; readonly max: number; readonly default: number };

export type QueryParameter = { readonly name: string; readonly description: string } & QueryKind;

export type RequestHeader = 'Accept' | 'Idempotency-Key' | 'If-Match' | 'If-None-Match' | 'Prefer';
export type ResponseHeader = 'ETag' | 'Idempotency-Replayed' | 'Link' | 'Location' | 'Preference-Applied';

/** `definition`: the text of a pipeline, YAML or JSON. */
export type RequestBody =
  | { readonly kind: 'definition' }
  /** `optional`: none is as good as an empty object. */
  | { readonly kind: 'json'; readonly schema: SchemaName; readonly optional?: true };

export type RouteResponse = {
  readonly description: string;
  /** Absent: no body. */
  readonly schema?: SchemaName;
  /** A list of `schema`. */
  readonly list?: boolean;
  /** Absent: `application/json`. */
  readonly type?: 'application/schema+json';
  /** The definition itself, as its content type, beside JSON. */
  readonly definition?: boolean;
  readonly headers?: readonly ResponseHeader[];
};

/** One operation. The router, the authorization, the checks of the query and the OpenAPI document are derived from it. */
export type Route = {
  readonly method: Method;
  readonly path: `/${string}`;
  readonly summary: string;
  /** `none`: open to everybody, without a token. */
  readonly permission: Permission | 'none';
  /**
   * The path names no org, so the operation finds the orgs that the permission is judged in; whoever has a token gets
   * as far as that.
   */
  readonly judged?: 'by the operation';
  /** What the operation judges beside, on what the body or the record names (`Call.judge`). */
  readonly judges?: readonly Permission[];
  readonly load: Load;
  readonly query: readonly QueryParameter[];
  readonly headers: readonly RequestHeader[];
  readonly body?: RequestBody;
  readonly responses: Readonly<Record<number, RouteResponse>>;
  /** What it may refuse with, beyond what every route may (`openapi.ts`). */
  readonly errors: readonly ErrorCode[];
};

/** Names of the placeholders of a path: `/orgs/{org}/apps/{app}` -> `org` | `app`. */
export type ParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never;

type QueryValue<P extends QueryParameter> = P extends { kind: 'text' }
  ? string
  : P extends { kind: 'texts' }
    ? readonly string[]
    : P extends { kind: 'flag' }
      ? boolean
      : P extends { kind: 'time' | 'count' }
        ? number
        : P extends { kind: 'map' }
          ? Readonly<Record<string, string>>
          : P extends { kind: 'choice'; values: readonly (infer Value)[] }
            ? Value
            : P extends { kind: 'choices'; values: readonly (infer Value)[] }
              ? readonly Value[]
              : never;

/** What the query parameters of a route are read to: times as milliseconds since the epoch. */
export type QueryValues<Parameters extends readonly QueryParameter[]> = {
  readonly [P in Extract<Parameters[number], { kind: 'count' }> as P['name']]: QueryValue<P>;
} & {
  readonly [P in Exclude<Parameters[number], { kind: 'count' }> as P['name']]?: QueryValue<P>;
};
