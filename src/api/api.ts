import { type Decision, decide } from '../access/decide.ts';
import type { Permission } from '../access/permissions.ts';
import { createAudit, type Trail } from './audit.ts';
import { authenticate, bearerTokens, type Caller, type Verifier } from './authenticate.ts';
import { BODY_LIMIT, exceeds } from './body.ts';
import { ERROR_CODES } from './error-codes.ts';
import { loadObject } from './load.ts';
import type { ApiDependencies, ApiRequest, Call, LoadedObject, Recording } from './operation.ts';
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
import { unlessGone } from './unless-gone.ts';

export type Api = (request: ApiRequest) => Promise<ApiResponse>;

/** A row of the route table with what was made of it at start-up. */
type Served = {
  readonly id: RouteId;
  readonly route: Route;
  readonly readQuery: QueryReader;
  readonly run: AnyOperation;
};

/** An operation as the dispatcher sees it; that call and operation fit is what `Operations` is checked for. */
type AnyOperation = (call: Call<RouteId>) => Promise<Reply | Refusal> | Reply | Refusal;

/** The whole API as one function over plain data. It throws on platform trouble and bugs only: those are a 500. */
export function createApi(dependencies: ApiDependencies): Api {
  const { table, clock } = dependencies;
  const verifiers: readonly Verifier[] = [
    bearerTokens({
      table,
      now: () => clock.now(),
      key: dependencies.keys.token,
      log: dependencies.log,
      subjectOf: dependencies.subjectOfToken,
    }),
  ];
  const openTrail = createAudit(dependencies);
  const router = createRouter<RouteId>(routes);
  const operations = createOperations(dependencies);
  const served = new Map<RouteId, Served>();
  for (const id of Object.keys(routes) as RouteId[]) {
    // as: Object.keys forgets the names; a row and its operation are of one id here
    const route: Route = routes[id];
    served.set(id, { id, route, readQuery: createQueryReader(route.query), run: operations[id] as AnyOperation });
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
    { id, route, readQuery, run }: Served,
    request: ApiRequest,
    params: Readonly<Record<string, string>>,
  ): Promise<Reply | Refusal> {
    const { permission } = route;
    if (permission === 'none') {
      const query = readQuery(request.query);
      return isRefusal(query) ? query : run({ request, params, query: query.values } as Call<RouteId>); // as: see below
    }
    const trail = openTrail(id, route, request, params);
    const entered = await enter(route, permission, request, params, trail);
    if (isRefusal(entered)) return entered;
    const { caller, loaded, reason } = entered;
    const query = readQuery(request.query);
    if (isRefusal(query)) {
      await caller.noted;
      return query;
    }
    let denied: string | undefined;
    let changes = true;
    const recording: Recording = {
      audit: trail.add,
      auditNow: status => trail.changed(caller, reason, status),
      changedNothing: () => {
        changes = false;
      },
      judge: (more, resource) => {
        const decision = decide(caller.roles, more, resource);
        trail.judged(more, decision.reason);
        if (decision.allowed) return undefined;
        denied = decision.reason;
        return refusalOf(decision);
      },
    };
    // as: the values were read by the row that the call's type is derived from
    const call = { request, caller, params, query: query.values, loaded, ...recording } as Call<RouteId>;
    const [answered] = await Promise.all([unlessGone(table, loaded, () => run(call)), caller.noted]);
    if (isRefusal(answered)) {
      const forbidden = denied !== undefined || ERROR_CODES[answered.refused].status === 403;
      if (forbidden) await trail.refused(caller, answered, denied ?? answered.message);
    } else if (changes && isChange(route, query.values, answered)) {
      await trail.changed(caller, reason, answered.status);
    }
    return answered;
  }

  /** Who calls and what the path leads to are read at the same time; nothing of it is told before the decision. */
  async function enter(
    route: Route,
    permission: Permission,
    request: ApiRequest,
    params: Readonly<Record<string, string>>,
    trail: Trail,
  ): Promise<{ readonly caller: Caller; readonly loaded: LoadedObject; readonly reason: string } | Refusal> {
    const possible = Object.entries(params).every(([name, text]) => isPathParameter(name, text));
    const [caller, loaded] = await Promise.all([
      authenticate(verifiers, request.headers),
      possible ? loadObject(table, route.load, params) : undefined,
    ]);
    if (isRefusal(caller)) {
      await trail.unauthenticated(caller);
      return caller;
    }
    // What no id can be stays unsaid: a reason is kept, and a secret may have been put there by mistake.
    const { org = '', ...narrower } = possible ? params : possibleParts(params);
    const decision: Decision =
      route.judged === undefined
        ? decide(caller.roles, permission, { org, ...narrower })
        : { allowed: true, reason: 'about the caller' };
    if (!decision.allowed) {
      const refusal = refusalOf(decision);
      await Promise.all([caller.noted, trail.refused(caller, refusal, decision.reason, !decision.visible)]);
      return refusal;
    }
    const { reason } = decision;
    if (possible && (route.load === 'nothing' || loaded !== undefined)) return { caller, loaded, reason };
    await caller.noted;
    return NOT_FOUND;
  }

  return async request => {
    const answered = await answer(request);
    const response = isRefusal(answered) ? respondRefused(answered) : respond(answered);
    if (request.method !== 'HEAD' || response.body === undefined) return response;
    return { status: response.status, headers: response.headers };
  };
}

const possibleParts = (params: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(params).map(([name, text]) => [name, isPathParameter(name, text) ? text : `{${name}}`]),
  );

const refusalOf = ({ visible, reason }: Decision & { readonly allowed: false }): Refusal =>
  visible ? refuse('FORBIDDEN', `Not allowed: ${reason}.`) : NOT_FOUND;

/** Did the answer say that something was changed? A dry run changes nothing. */
function isChange({ method }: Route, query: Readonly<Record<string, unknown>>, { status }: Reply): boolean {
  const dry = query.dry_run !== undefined && query.dry_run !== false && query.dry_run !== 'false';
  return method !== 'GET' && status >= 200 && status < 300 && !dry;
}

/** HEAD comes with GET, OPTIONS with every path. */
function allowed(of: ReadonlyMap<Method, RouteId>): string {
  return [...of.keys()]
    .flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    .concat('OPTIONS')
    .join(', ');
}
