import { APP_ROLES, ENV_TYPE_ROLES, ORG_ROLES } from '../../access/roles.ts';
import type { JsonSchema } from '../../json.ts';
import { PATH_PARAMETERS, TOKEN_ID } from '../path-parameters.ts';
import { type BodyFields, bodySchema } from './fields.ts';
import { choice, object, text, textMap, time } from './shapes.ts';

const name = { kind: 'text', minLength: 1, maxLength: 100, description: 'Name for people to read.' } as const;
const orgRole = { kind: 'choice', values: ORG_ROLES, description: 'Role of the org.' } as const;
const appRole = { kind: 'choice', values: APP_ROLES, description: 'Role of the app.' } as const;
const envTypeRole = { kind: 'choice', values: ENV_TYPE_ROLES, description: 'Role of the environment type.' } as const;
const anyone = { kind: 'text', ...PATH_PARAMETERS.user } as const;

const email = {
  kind: 'text',
  minLength: 3,
  maxLength: 254,
  pattern: '^[^\\s@]+@[^\\s@]+$',
  description: 'E-mail address.',
} as const;

/** What bodies hold. */
export const peopleBodies = {
  NewServiceUser: { name, role: orgRole, email: { ...email, optional: true } },
  NewInvitation: { email, role: orgRole },
  OrgRoleChange: { role: orgRole },
  NewAppRole: { id: anyone, role: appRole },
  AppRoleChange: { role: appRole },
  NewEnvTypeRole: { id: anyone, role: envTypeRole },
  EnvTypeRoleChange: { role: envTypeRole },
  NewGroup: { name, role: orgRole },
  GroupChange: { name: { ...name, optional: true }, role: { ...orgRole, optional: true } },
  NewMember: { id: { ...anyone, description: 'Id of a user or a service user of the org.' } },
  NewToken: {
    id: { kind: 'text', ...TOKEN_ID },
    type: { kind: 'choice', values: ['static'], description: 'Always `static`.' },
    description: { kind: 'text', maxLength: 1_000, description: 'What it is for.', optional: true },
    expires_at: {
      kind: 'time or null',
      description:
        'When it ends; absent: 90 days from now. Only an administrator may say null (never) or a time in more than a year.',
      optional: true,
    },
  },
} as const satisfies Record<string, BodyFields>;

const profile = {
  id: text('Id of the subject.'),
  name: text('Its name.'),
  type: choice(['user', 'service', 'group'], 'What it is.'),
  created_at: time('When it was made.'),
};

const role = (description: string, roles: readonly string[]): JsonSchema =>
  object(description, { ...profile, role: choice(roles, 'Its role there.') }, { email: text('Its e-mail address.') });

export const peopleSchemas = {
  NewServiceUser: bodySchema('A service user to be made.', peopleBodies.NewServiceUser),
  NewInvitation: bodySchema('Somebody who is to be a user of the org.', peopleBodies.NewInvitation),
  OrgRoleChange: bodySchema('Another role of the org.', peopleBodies.OrgRoleChange),
  NewAppRole: bodySchema('A role of the app for somebody of the org.', peopleBodies.NewAppRole),
  AppRoleChange: bodySchema('Another role of the app.', peopleBodies.AppRoleChange),
  NewEnvTypeRole: bodySchema('A role of the environment type for somebody of the org.', peopleBodies.NewEnvTypeRole),
  EnvTypeRoleChange: bodySchema('Another role of the environment type.', peopleBodies.EnvTypeRoleChange),
  NewGroup: bodySchema('A group to be made.', peopleBodies.NewGroup),
  GroupChange: bodySchema('What of a group is to change.', peopleBodies.GroupChange),
  NewMember: bodySchema('Somebody who is to be in the group.', peopleBodies.NewMember),
  NewToken: bodySchema('A token to be made.', peopleBodies.NewToken),
  OrgUser: role('Somebody with a role of the org.', ORG_ROLES),
  AppUser: role('Somebody with a role of the app.', APP_ROLES),
  EnvTypeUser: role('Somebody with a role of the environment type.', ENV_TYPE_ROLES),
  GroupMember: object(
    'Somebody who is in a group.',
    { ...profile, since: time('When they came into the group.') },
    { email: text('Its e-mail address.') },
  ),
  CurrentUser: object(
    'Who the token is of.',
    {
      ...profile,
      roles: textMap('Id of the org to the role of the org.'),
      properties: { type: 'object', additionalProperties: true, description: 'Always empty.' },
    },
    { email: text('The e-mail address.') },
  ),
  Invitation: object('Somebody who was invited. No mail is sent: an administrator hands over a token.', {
    email: text('The e-mail address.'),
    user_id: text('Id of the user that was made.'),
    created_at: time('When they were invited.'),
    created_by: text('Id of the subject that invited them.'),
    expires_at: time('The end of the year 9999: an invitation does not end.'),
  }),
  HeldPermission: object(
    'Something that a subject may do.',
    {
      permission: text('What.'),
      org_id: text('Id of the org.'),
      reason: text('The roles that allow it.'),
    },
    {
      app_id: text('Only in this app. Absent: in the whole org.'),
      env_type: text('Only on environments of this type.'),
    },
  ),
  TokenInfo: object(
    'A token, without the secret.',
    {
      id: text('Id of the token.'),
      type: { const: 'static', description: 'Always `static`.' },
      description: text('What it is for.'),
      created_at: time('When it was made.'),
      created_by: text('Id of the subject that made it.'),
    },
    {
      expires_at: time('When it ends. Absent: never.'),
      last_used_at: time('When it was used last, to the hour. Absent: never.'),
    },
  ),
  Token: object('A new token. It is shown this once; only a keyed hash of it is kept.', {
    token: text('The token.'),
    type: { const: 'static', description: 'Always `static`.' },
  }),
} as const satisfies Record<string, JsonSchema>;
