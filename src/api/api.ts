import { decide } from '../access/decide.ts';
import type { Permission } from '../access/permissions.ts';
import { authenticate, bearerTokens, type Caller, type Verifier } from './authenticate.ts';
import { BODY_LIMIT, exceeds } from './body.ts';
import { loadObject } from './load.ts';
import type { ApiDependencies, ApiRequest, Call, LoadedObject } from './operation.ts';
import { createOperations } from './operations/index.ts';
import { isPathParameter } from './path-parameters.ts';
import { createQueryReader, type QueryReader } from './query.ts';
import {
  type ApiResponse,
  isRefusal,
  NOT_FOUND,
  type Refusal,
  type Reply,
  refuse,
  respond,
  respondRefused,
} from './reply.ts';
import type { Method, Route } from './route.ts';
import { createRouter } from './router.ts';
import { type RouteId, routes } from './routes.ts';

export type Api = (request: ApiRequest) => Promise<ApiResponse>;

/** A row of the route table with what was made of it at start-up. */
type Served = { readonly route: Route; readonly readQuery: QueryReader; readonly run: AnyOperation };

/** An operation as the dispatcher sees it; that call and operation fit is what `Operations` is checked for. */
type AnyOperation = (call: Call<RouteId>) => Promise<Reply | Refusal> | Reply | Refusal;

/** The whole API as one function over plain data. It throws on platform trouble and bugs only: those are a 500. */
export function createApi(dependencies: ApiDependencies): Api {
  const { table, clock } = dependencies;
  const verifiers: readonly Verifier[] = [bearerTokens(table, () => clock.now(), dependencies.subjectOfToken)];
  const router = createRouter<RouteId>(routes);
  const operations = createOperations(dependencies);
  const served = new Map<RouteId, Served>();
  for (const id of Object.keys(routes) as RouteId[]) {
    // as: Object.keys forgets the names; a row and its operation are of one id here
    const route: Route = routes[id];
    served.set(id, { route, readQuery: createQueryReader(route.query), run: operations[id] as AnyOperation });
  }

  async function answer(request: ApiRequest): Promise<Reply | Refusal> {
    const match = router(request.path);
    if (match === undefined) return refuse('UNKNOWN_PATH', 'No operation has this path; see GET /openapi.json.');
    if (request.method === 'OPTIONS') return { status: 204, headers: { allow: allowed(match.routes) } };
    const id = match.routes.get((request.method === 'HEAD' ? 'GET' : request.method) as Method); // as: any text may be asked for
    const found = id === undefined ? undefined : served.get(id);
    if (found === undefined) {
      const headers = { allow: allowed(match.routes) };
      return refuse('METHOD_NOT_ALLOWED', `This path takes ${headers.allow}.`, { headers });
    }
    if (exceeds(request.body, BODY_LIMIT)) {
      return refuse('BODY_TOO_LARGE', `The body is larger than ${BODY_LIMIT} bytes.`);
    }
    return serve(found, request, match.params);
  }

  async function serve(
    { route, readQuery, run }: Served,
    request: ApiRequest,
    params: Readonly<Record<string, string>>,
  ): Promise<Reply | Refusal> {
    let caller: Caller | undefined;
    let loaded: LoadedObject;
    if (route.permission !== 'none') {
      const entry = await enter(route, route.permission, request, params);
      if (isRefusal(entry)) return entry;
      ({ caller, loaded } = entry);
    }
    const query = readQuery(request.query);
    if (isRefusal(query)) return query;
    // as: the values were read by the row that the call's type is derived from
    return run({ request, caller, params, query: query.values, loaded } as Call<RouteId>);
  }

  /** Who calls and what the path leads to are read at the same time; nothing of it is told before the decision. */
  async function enter(
    route: Route,
    permission: Permission,
    request: ApiRequest,
    params: Readonly<Record<string, string>>,
  ): Promise<{ readonly caller: Caller; readonly loaded: LoadedObject } | Refusal> {
    const possible = Object.entries(params).every(([name, text]) => isPathParameter(name, text));
    const [caller, loaded] = await Promise.all([
      authenticate(verifiers, request.headers),
      possible ? loadObject(table, route.load, params) : undefined,
    ]);
    if (isRefusal(caller)) return caller;
    const { org = '', ...narrower } = params;
    const decision = decide(caller.roles, permission, { org, ...narrower });
    if (!decision.allowed) {
      return decision.visible ? refuse('FORBIDDEN', `Not allowed: ${decision.reason}.`) : NOT_FOUND;
    }
    return !possible || (route.load !== 'nothing' && loaded === undefined) ? NOT_FOUND : { caller, loaded };
  }

  return async request => {
    const answered = await answer(request);
    const response = isRefusal(answered) ? respondRefused(answered) : respond(answered);
    if (request.method !== 'HEAD' || response.body === undefined) return response;
    return { status: response.status, headers: response.headers };
  };
}

/** HEAD comes with GET, OPTIONS with every path. */
function allowed(of: ReadonlyMap<Method, RouteId>): string {
  return [...of.keys()]
    .flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    .concat('OPTIONS')
    .join(', ');
}
