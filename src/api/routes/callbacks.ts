import type { Route } from '../route.ts';

export const callbacksRoutes = {
  postCallback: {
    method: 'POST',
    path: '/callbacks/{callback}',
    summary: 'Answers a step that waits for a callback, once; whoever has the URL may',
    // What the path holds is the right itself.
    permission: 'none',
    load: 'nothing',
    query: [],
    headers: [],
    body: { kind: 'json', schema: 'CallbackPayload', optional: true },
    responses: { 204: { description: 'The step goes on.' } },
    errors: ['NOT_FOUND', 'INVALID_BODY', 'BODY_TOO_LARGE'],
  },
} as const satisfies Record<string, Route>;
