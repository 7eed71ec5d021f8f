import type { Route } from '../route.ts';

export const systemRoutes = {
  getHealth: {
    method: 'GET',
    path: '/healthz',
    summary: 'Says that the API answers',
    permission: 'none',
    load: 'nothing',
    query: [],
    headers: [],
    responses: { 200: { description: 'It does.', schema: 'Health' } },
    errors: [],
  },
  getOpenApi: {
    method: 'GET',
    path: '/openapi.json',
    summary: 'Describes this API as OpenAPI 3.1',
    permission: 'none',
    load: 'nothing',
    query: [],
    headers: [],
    responses: { 200: { description: 'The document.', schema: 'OpenApiDocument' } },
    errors: [],
  },
} as const satisfies Record<string, Route>;
