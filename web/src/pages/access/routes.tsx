import { IN_APP, type PageRoute, page } from '../../app/route.tsx';

export const accessRoutes: readonly PageRoute[] = [
  page(`${IN_APP}/access`, () => import('./roles-page.tsx').then(module => module.RolesPage)),
  page(`${IN_APP}/access/service-users`, () =>
    import('./service-users-page.tsx').then(module => module.ServiceUsersPage),
  ),
  page(`${IN_APP}/access/service-users/:user`, () =>
    import('./service-user-page.tsx').then(module => module.ServiceUserPage),
  ),
  page(`${IN_APP}/access/values`, () => import('./values-page.tsx').then(module => module.ValuesPage)),
  page(`${IN_APP}/access/audit`, () => import('./audit-page.tsx').then(module => module.AuditPage)),
];
