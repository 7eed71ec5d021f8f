import type { Route } from '../route.ts';

export const placesRoutes = {} as const satisfies Record<string, Route>;
