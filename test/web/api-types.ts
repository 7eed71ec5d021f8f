import type { QueryParameter, Route } from '../../src/api/route.ts';
import type { JsonSchema } from '../../src/json.ts';

/**
 * What the web UI knows of the API, written from the table of routes and the schemas that the OpenAPI document is made of:
 * a type for every schema, and for every operation what it takes and answers.
 */
export function apiTypes(
  routes: Readonly<Record<string, Route>>,
  schemas: Readonly<Record<string, JsonSchema>>,
): string {
  const types = Object.entries(schemas).map(
    ([name, schema]) => `${comment(schema, '')}export type ${typeName(name)} = ${typeOf(schema, '')};\n`,
  );
  const table = Object.entries(routes).map(([name, { method, path }]) => `  ${name}: '${method} ${path}',\n`);
  const operations = Object.entries(routes).map(([name, route]) => operationType(name, route));
  return `// Written by \`npm run web:types\` from the route table and the schemas of the API. Do not edit.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

${types.join('\n')}
/** Method and path of every operation. */
export const OPERATIONS = {
${table.join('')}} as const;

/** What every operation takes and answers. */
export type Operations = {
${operations.join('')}};
`;
}

function operationType(name: string, route: Route): string {
  const params = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, param]) => `readonly ${param}: string`);
  const query = route.query.map(parameter => `readonly ${parameter.name}?: ${queryType(parameter)}`);
  const answers = Object.values(route.responses).map(({ schema, list }) =>
    schema === undefined ? 'undefined' : list === true ? `readonly ${typeName(schema)}[]` : typeName(schema),
  );
  const body =
    route.body === undefined
      ? 'undefined'
      : route.body.kind === 'definition'
        ? 'string'
        : `${route.body.schema}${route.body.optional === true ? ' | undefined' : ''}`;
  const lines = [
    `params: ${record(params)}`,
    `query: ${record(query)}`,
    `body: ${body}`,
    `answer: ${[...new Set(answers)].join(' | ')}`,
  ];
  return `  /** ${route.summary}. */\n  readonly ${name}: {\n${lines.map(line => `    readonly ${line};\n`).join('')}  };\n`;
}

const record = (fields: readonly string[]): string => (fields.length === 0 ? '{}' : `{ ${fields.join('; ')} }`);

function queryType(parameter: QueryParameter): string {
  switch (parameter.kind) {
    case 'text':
    case 'time':
      return 'string';
    case 'texts':
      return 'readonly string[]';
    case 'flag':
      return 'boolean';
    case 'map':
      return '{ readonly [key: string]: string }';
    case 'count':
      return 'number';
    case 'choice':
      return literals(parameter.values);
    case 'choices':
      return `readonly (${literals(parameter.values)})[]`;
  }
}

const literals = (values: readonly unknown[]): string =>
  values.map(value => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value))).join(' | ');

/** `Error` is a name of JavaScript. */
const typeName = (schema: string): string => (schema === 'Error' ? 'ErrorBody' : schema);

const comment = (schema: JsonSchema, indent: string): string =>
  typeof schema.description === 'string' ? `${indent}/** ${schema.description} */\n` : '';

/** TypeScript for a schema; what none of ours says (`oneOf`, …) would be `Json`, the widest. */
function typeOf(schema: JsonSchema, indent: string): string {
  if (typeof schema.$ref === 'string') return typeName(schema.$ref.split('/').at(-1) ?? 'Json');
  if ('const' in schema) return literals([schema.const]);
  if (Array.isArray(schema.enum)) return literals(schema.enum);
  const kinds = Array.isArray(schema.type) ? schema.type : [schema.type];
  return kinds.map(kind => typeOfKind(kind, schema, indent)).join(' | ');
}

function typeOfKind(kind: unknown, schema: JsonSchema, indent: string): string {
  switch (kind) {
    case 'string':
    case 'boolean':
    case 'null':
      return kind;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `readonly (${typeOf((schema.items ?? {}) as JsonSchema, indent)})[]`; // as: `items` of ours is a schema
    case 'object':
      return objectType(schema, indent);
    default:
      return 'Json';
  }
}

function objectType(schema: JsonSchema, indent: string): string {
  const more = schema.additionalProperties as JsonSchema | boolean | undefined; // as: that is what JSON Schema allows
  if (schema.properties === undefined) {
    return `{ readonly [key: string]: ${typeof more === 'object' ? typeOf(more, indent) : 'Json'} }`;
  }
  const inner = `${indent}  `;
  const required = Array.isArray(schema.required) ? schema.required : [];
  const fields = Object.entries(schema.properties as Readonly<Record<string, JsonSchema>>).map(([name, property]) => {
    const key = /^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`;
    return `${comment(property, inner)}${inner}readonly ${key}${required.includes(name) ? '' : '?'}: ${typeOf(property, inner)};\n`;
  });
  return `{\n${fields.join('')}${indent}}`;
}
