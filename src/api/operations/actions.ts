import {
  addAction,
  getNewestAction,
  getAction as readAction,
  listActions as readActions,
} from '../../store/actions.ts';
import { actionNameKey } from '../../store/keys.ts';
import { readActionBody } from '../action-body.ts';
import { replyList } from '../listing.ts';
import { reportUnreadable } from '../log.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { renderAction } from '../render/action.ts';
import { isRefusal, NOT_FOUND, refuse } from '../reply.ts';

/** Orgs whose actions would be called like those of the product. */
const OURS: readonly string[] = ['humanitec', 'aws', 'pipecall'];

export const createAction =
  ({ table, clock, baseUrl = '' }: ApiDependencies): Operation<'createAction'> =>
  async ({ request, caller, params, audit }) => {
    const { org } = params;
    const body = await readActionBody(request);
    if (isRefusal(body)) return body;
    if (OURS.includes(org)) {
      return refuse('ACTION_NAME_TAKEN', `Names that begin with 'actions/${org}/' are those of the product.`);
    }
    const action = await addAction(table, { ...body, org, createdAt: clock.now(), createdBy: caller.id });
    const version = String(action.version);
    audit({ action: action.name, version });
    const location = `${baseUrl}${request.path}/${action.name}?version=${version}`;
    return { status: 201, headers: { location }, body: renderAction(action) };
  };

export const listActions =
  (dependencies: ApiDependencies): Operation<'listActions'> =>
  call =>
    replyList(dependencies, call, {
      read: (limit, after) =>
        readActions(dependencies.table, call.params.org, limit, after, reportUnreadable(dependencies.log)),
      cursorOf: action => actionNameKey(action.org, action.name),
      render: renderAction,
    });

const NUMBER = /^[1-9]\d{0,5}$/;

export const getAction =
  ({ table }: ApiDependencies): Operation<'getAction'> =>
  async ({ params, query }) => {
    const { org, action: name } = params;
    const { version } = query;
    if (version !== undefined && !NUMBER.test(version)) return NOT_FOUND;
    const action = await (version === undefined
      ? getNewestAction(table, org, name)
      : readAction(table, org, name, Number(version)));
    return action === undefined ? NOT_FOUND : { status: 200, body: renderAction(action) };
  };
