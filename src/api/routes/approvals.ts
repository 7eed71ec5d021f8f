import type { Route } from '../route.ts';

export const approvalsRoutes = {} as const satisfies Record<string, Route>;
