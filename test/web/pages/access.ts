import { HOSTILE } from './approvals.ts';
import type { WebPage } from './page.ts';
import { APP, oncePerServer } from './seed.ts';

const ORG = '/orgs/demo';
const LONG = 'The robot that deploys the web shop and all that belongs to it, from every branch, at night too';

const people = oncePerServer(async web => {
  const { json: group } = await web.api('admin', `POST ${ORG}/groups`, {
    name: 'The crew of the web shop',
    role: 'member',
  });
  await web.api('admin', `POST ${APP}/users`, { id: group.id, role: 'developer' });
  const { json: hostile } = await web.api('admin', `POST ${ORG}/users`, {
    name: HOSTILE.replace('\u001b', ''),
    role: 'member',
  });
  await web.api('admin', `POST ${APP}/users`, { id: hostile.id, role: 'viewer' });
});

const robot = oncePerServer(async web => {
  const { json } = await web.api('admin', `POST ${ORG}/users`, { name: LONG, role: 'member' });
  const token = (id: string, more: object) =>
    web.api('admin', `POST /users/${json.id}/tokens`, { id, type: 'static', ...more });
  await token('github-actions', { description: 'Deploys from the main branch' });
  await token('a-name-of-a-token-that-is-as-long-as-names-of-tokens-get-so-that-it-does-not-fit-on-one-line', {
    expires_at: null,
  });
  return json.id as string; // as: what the API answers is not typed here
});

const values = oncePerServer(async web => {
  const add = (body: object) => web.api('admin', `POST ${APP}/values`, body);
  await add({ key: 'REGION', value: 'eu-central-1', description: 'Where the shop runs' });
  await add({ key: 'DEPLOY_TOKEN', value: 'hush-hush-value', is_secret: true, description: 'Of the registry' });
  await add({
    key: 'LONG',
    value: `a line of a long value that has many\n${'word '.repeat(200)}`,
    description: HOSTILE,
  });
  await add({ key: 'EMPTY', value: '' });
});

export const accessPages: readonly WebPage[] = [
  {
    name: 'access-roles',
    as: 'admin',
    prepare: async web => {
      await people(web);
      return `${APP}/access`;
    },
    ready: async page => {
      await page.getByRole('table', { name: 'Who has a role on the app hello' }).waitFor();
      await page.getByRole('table', { name: 'Who has a role on environments of type production' }).waitFor();
    },
  },
  {
    name: 'access-roles-add',
    as: 'admin',
    prepare: async web => {
      await people(web);
      return `${APP}/access`;
    },
    ready: async page => {
      await page.getByRole('button', { name: 'Give somebody a role on the app hello' }).click();
      await page.getByRole('dialog').getByLabel('Who').waitFor();
    },
  },
  {
    name: 'access-roles-refused',
    as: 'viewer',
    prepare: () => `${APP}/access`,
    ready: page => page.getByText('You may not see who is a deployer').waitFor(),
  },
  {
    name: 'service-users',
    as: 'admin',
    prepare: async web => {
      await robot(web);
      return `${APP}/access/service-users`;
    },
    ready: async page => {
      await page.getByRole('table', { name: 'Service users of demo' }).waitFor();
      await page.getByRole('heading', { name: 'Your own tokens' }).waitFor();
    },
  },
  {
    name: 'service-user',
    as: 'admin',
    prepare: async web => `${APP}/access/service-users/${await robot(web)}`,
    ready: page => page.getByRole('table', { name: 'Tokens' }).waitFor(),
  },
  {
    name: 'service-user-token',
    as: 'admin',
    prepare: async web => {
      const id = await robot(web);
      await web.api('admin', `DELETE /users/${id}/tokens/shown`, undefined, 404);
      return `${APP}/access/service-users/${id}`;
    },
    ready: async page => {
      await page.getByRole('button', { name: 'New token' }).click();
      await page.getByLabel('Name of the token').fill('shown');
      await page.getByRole('button', { name: 'Make the token' }).click();
      await page.getByRole('button', { name: 'I have copied it' }).waitFor();
    },
  },
  {
    name: 'values',
    as: 'developer',
    prepare: async web => {
      await values(web);
      return `${APP}/access/values`;
    },
    ready: page => page.getByText('DEPLOY_TOKEN').first().waitFor(),
  },
  {
    name: 'values-new',
    as: 'developer',
    prepare: async web => {
      await values(web);
      return `${APP}/access/values`;
    },
    ready: async page => {
      await page.getByRole('button', { name: 'New value' }).click();
      await page.getByLabel('Key', { exact: true }).fill('2 wrong');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Begin with a letter or an underscore').waitFor();
    },
  },
  {
    name: 'values-none',
    as: 'admin',
    prepare: async web => {
      await web.api('admin', 'POST /orgs/demo/apps', { id: 'no-values', name: 'No values' }, 409);
      return '/orgs/demo/apps/no-values/access/values';
    },
    ready: page => page.getByRole('button', { name: 'Add the first value' }).waitFor(),
  },
  {
    name: 'audit',
    as: 'admin',
    prepare: async web => {
      await values(web);
      await web.api('viewer', `POST ${APP}/values`, { key: 'X', value: '' }, 403);
      return `${APP}/access/audit`;
    },
    ready: page => page.getByRole('table', { name: 'Audit log' }).waitFor(),
  },
  {
    name: 'audit-refused',
    as: 'owner',
    prepare: () => `${APP}/access/audit`,
    ready: page => page.getByText('You may not see the audit log').waitFor(),
  },
];
