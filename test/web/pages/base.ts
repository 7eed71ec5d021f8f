import type { WebPage } from './page.ts';

export const basePages: readonly WebPage[] = [
  {
    name: 'sign-in',
    as: undefined,
    prepare: () => '/',
    ready: page => page.getByRole('heading', { name: 'Sign in to Pipecall' }).waitFor(),
  },
  {
    name: 'home',
    as: 'admin',
    prepare: () => '/',
    ready: page => page.getByRole('link', { name: 'Hello' }).first().waitFor(),
  },
  {
    name: 'me',
    as: 'deployer',
    prepare: () => '/me',
    ready: page => page.getByText('approvals.decide').first().waitFor(),
  },
  {
    name: 'not-found',
    as: 'viewer',
    prepare: () => '/nowhere/at/all',
    ready: page => page.getByRole('heading', { name: 'No such page' }).waitFor(),
  },
];
