import type { Route } from '../route.ts';
import { APP, badBody, ORG, paging } from './shared.ts';

const REFUSED_START = `${APP}/refused-starts/{refusedStart}` as const;
const EVENT_CALLERS = `${ORG}/settings/event-callers` as const;

/** Events that come in. */
export const eventsRoutes = {
  listRefusedStarts: {
    method: 'GET',
    path: `${APP}/refused-starts`,
    summary: 'Lists the events that should have started pipelines of an app and could not, the newest first',
    permission: 'runs.read',
    load: 'app',
    query: [
      { name: 'pipeline', kind: 'texts', description: 'Only of this pipeline. May be repeated.' },
      {
        name: 'status',
        kind: 'choice',
        values: ['refused', 'started'],
        description: 'Only those that rest, or only those that went well when somebody tried again.',
      },
      ...paging,
    ],
    headers: [],
    responses: { 200: { description: 'One page.', schema: 'RefusedStart', list: true, headers: ['Link'] } },
    errors: ['INVALID_PAGE_TOKEN'],
  },
  getRefusedStart: {
    method: 'GET',
    path: REFUSED_START,
    summary: 'Reads a refused start',
    permission: 'runs.read',
    load: 'app',
    query: [],
    headers: [],
    responses: { 200: { description: 'The refused start.', schema: 'RefusedStart' } },
    errors: [],
  },
  retryRefusedStart: {
    method: 'POST',
    path: `${REFUSED_START}/retry`,
    summary: 'Lets the event start the pipeline once more, as if it came now',
    permission: 'runs.start',
    load: 'app',
    query: [],
    headers: [],
    responses: {
      200: { description: 'The refused start as it is then: started, or refused again.', schema: 'RefusedStart' },
    },
    errors: ['ALREADY_STARTED'],
  },
  getEventCallers: {
    method: 'GET',
    path: EVENT_CALLERS,
    summary: 'Reads who calls pipelines by events, and as which service users',
    permission: 'event-callers.read',
    load: 'nothing',
    query: [],
    headers: [],
    responses: { 200: { description: 'The setting.', schema: 'EventCallers' } },
    errors: [],
  },
  putEventCallers: {
    method: 'PUT',
    path: EVENT_CALLERS,
    summary: 'Says who calls pipelines by events, and as which service users',
    permission: 'event-callers.write',
    load: 'nothing',
    query: [],
    headers: [],
    body: { kind: 'json', schema: 'EventCallers' },
    responses: { 200: { description: 'The setting as it is now.', schema: 'EventCallers' } },
    errors: ['UNKNOWN_SERVICE_USER', ...badBody],
  },
} as const satisfies Record<string, Route>;
