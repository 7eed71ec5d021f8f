import type { Route } from '../route.ts';
import { badBody, paging } from './shared.ts';

const TOKENS = '/users/{user}/tokens';

export const tokensRoutes = {
  listTokens: {
    method: 'GET',
    path: TOKENS,
    summary: 'Lists the tokens of a user, the newest first; one lists their own',
    permission: 'tokens.manage',
    judged: 'by the operation',
    load: 'nothing',
    query: paging,
    headers: [],
    responses: { 200: { description: 'One page.', schema: 'TokenInfo', list: true, headers: ['Link'] } },
    errors: ['INVALID_PAGE_TOKEN'],
  },
  createToken: {
    method: 'POST',
    path: TOKENS,
    summary: 'Makes a token; one makes their own, and those of whose roles one could give',
    permission: 'tokens.manage',
    judged: 'by the operation',
    load: 'nothing',
    query: [],
    headers: [],
    body: { kind: 'json', schema: 'NewToken' },
    responses: { 200: { description: 'The token, this once.', schema: 'Token' } },
    errors: [...badBody, 'TOKEN_ID_TAKEN', 'TOO_MANY_TOKENS'],
  },
  getToken: {
    method: 'GET',
    path: `${TOKENS}/{token}`,
    summary: 'Reads what is known of a token',
    permission: 'tokens.manage',
    judged: 'by the operation',
    load: 'nothing',
    query: [],
    headers: [],
    responses: { 200: { description: 'The token.', schema: 'TokenInfo' } },
    errors: [],
  },
  deleteToken: {
    method: 'DELETE',
    path: `${TOKENS}/{token}`,
    summary: 'Deletes a token: the next request with it is refused',
    permission: 'tokens.manage',
    judged: 'by the operation',
    load: 'nothing',
    query: [],
    headers: [],
    responses: { 204: { description: 'Removed.' } },
    errors: [],
  },
} as const satisfies Record<string, Route>;
