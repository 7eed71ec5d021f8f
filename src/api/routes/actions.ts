import type { Route } from '../route.ts';
import { badBody, ORG, paging } from './shared.ts';

const ACTIONS = `${ORG}/actions` as const;

export const actionsRoutes = {
  listActions: {
    method: 'GET',
    path: ACTIONS,
    summary: 'Lists the actions that the org registered, the newest version of each, in the order of their names',
    permission: 'actions.read',
    load: 'nothing',
    query: paging,
    headers: [],
    responses: { 200: { description: 'One page.', schema: 'Action', list: true, headers: ['Link'] } },
    errors: ['INVALID_PAGE_TOKEN'],
  },
  createAction: {
    method: 'POST',
    path: ACTIONS,
    summary: 'Registers an action, or the next version of one',
    permission: 'actions.register',
    load: 'nothing',
    query: [],
    headers: [],
    body: { kind: 'json', schema: 'ActionRequest' },
    responses: { 201: { description: 'The version.', schema: 'Action', headers: ['Location'] } },
    errors: [...badBody, 'INVALID_ACTION', 'ACTION_NAME_TAKEN'],
  },
  getAction: {
    method: 'GET',
    path: `${ACTIONS}/{action}`,
    summary: 'Reads the newest version of a registered action, or another one',
    permission: 'actions.read',
    load: 'nothing',
    query: [{ name: 'version', kind: 'text', description: 'Number of a version, instead of the newest.' }],
    headers: [],
    responses: { 200: { description: 'The version.', schema: 'Action' } },
    errors: [],
  },
} as const satisfies Record<string, Route>;
