import type { Json } from '../../json.ts';
import { isMap, show } from '../json-kind.ts';
import { didYouMean } from '../near-name.ts';
import type { Permissions } from '../pipeline.ts';
import { choice } from '../shape/choice.ts';
import { mapOf } from '../shape/collections.ts';
import { fieldsSchema, readFields } from '../shape/fields.ts';
import { inside, type Place, report, type Shape } from '../shape/shape.ts';
import { wrongType } from '../shape/values.ts';

const APPLICATION_ROLES = ['owner', 'developer', 'viewer'] as const;

const ENV_TYPE_ROLES = ['deployer'] as const;

/** More types of environments than anybody has. */
const MAX_ENV_TYPES = 50;

const ENV_TYPE = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/,
  words: 'letters, digits, `_` and `-`, with a letter or digit first, at most 63 characters',
};

const envTypes = mapOf(
  choice(ENV_TYPE_ROLES, 'role that runs can be given on a type of environments', 'UNKNOWN_ROLE'),
  { min: 1, max: MAX_ENV_TYPES, noun: 'type of environments' },
  ENV_TYPE,
);

const SERVICE_USER = /^s-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const runAs: Shape<string | undefined> = {
  schema: { anyOf: [{ const: 'inherit' }, { type: 'string', pattern: SERVICE_USER.source }] },
  read: (value, place) => {
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value.includes('${{'))
      return wrongType(value, '`inherit` or the id of a service user', place);
    if (value === 'inherit' || SERVICE_USER.test(value)) return value;
    const message = `${show(value)} is nobody to run as; write \`inherit\` or the id of a service user (\`s-\` and a UUID in lower case)`;
    report(place, { code: 'INVALID_VALUE', message, hint: didYouMean(value, ['inherit']) });
    return undefined;
  },
};

const FIELDS = {
  'run-as': {
    shape: runAs,
    description: '`inherit`: whoever started the run, as without `permissions`. `s-…`: that service user.',
  },
  application: {
    shape: choice(APPLICATION_ROLES, 'role that runs can be given on an application', 'UNKNOWN_ROLE'),
    description: 'The role on the application that runs are given, whoever starts them.',
  },
  'env-types': {
    shape: envTypes,
    description: 'Type of environments → `deployer`: the roles on environments that runs are given.',
  },
} as const;

export const permissions: Shape<Permissions | undefined> = {
  schema: { ...fieldsSchema(FIELDS), minProperties: 1 },
  read: (value, place) => (value === undefined ? undefined : readPermissions(value, place)),
};

/** Answers nothing for a malformed value, so that nobody judges what was not said. */
function readPermissions(value: Json, place: Place): Permissions | undefined {
  const fields = readFields(FIELDS, '`permissions`', value, place);
  if (!isMap(value)) return undefined;
  if (Object.keys(value).length === 0) {
    // Elsewhere an empty map takes all rights away; here it could only mean what its absence means.
    const message = '`permissions` says nothing; give it `run-as`, `application` or `env-types`, or remove it';
    report(place, { code: 'INVALID_VALUE', message });
    return undefined;
  }
  const delegates = value.application !== undefined || value['env-types'] !== undefined;
  const who = fields['run-as'];
  if (value['run-as'] !== undefined && delegates) {
    const message =
      '`run-as` and delegated roles (`application`, `env-types`) exclude each other: a run acts as somebody, or with the roles named here and nothing else; keep one';
    report(inside(place, 'run-as'), { code: 'CONFLICTING_KEYS', message });
    return undefined;
  }
  if (who === 'inherit') return { kind: 'inherit' };
  if (who !== undefined) return { kind: 'service-user', id: who };
  if (!delegates) return undefined;
  const roles = fields['env-types'].flatMap(([type, held]) => (held === undefined ? [] : [[type, held] as const]));
  return {
    kind: 'delegated',
    ...(fields.application === undefined ? {} : { application: fields.application }),
    envTypes: Object.fromEntries(roles),
  };
}
