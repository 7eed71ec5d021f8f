import type { Route } from '../route.ts';
import { groupsRoutes } from './groups.ts';
import { orgUsersRoutes } from './org-users.ts';
import { appUsersRoutes, envTypeUsersRoutes } from './role-users.ts';
import { tokensRoutes } from './tokens.ts';

/** Users, service users, groups, their roles and their tokens. */
export const peopleRoutes = {
  ...orgUsersRoutes,
  ...appUsersRoutes,
  ...envTypeUsersRoutes,
  ...groupsRoutes,
  ...tokensRoutes,
} as const satisfies Record<string, Route>;
