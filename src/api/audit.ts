import { hash } from 'node:crypto';
import { type AuditDetails, type AuditEntry, putAuditEntry } from '../store/audit.ts';
import { orgExists } from '../store/orgs.ts';
import type { Caller } from './authenticate.ts';
import { ERROR_CODES } from './error-codes.ts';
import { describeError } from './log.ts';
import type { ApiDependencies, ApiRequest } from './operation.ts';
import { isPathParameter } from './path-parameters.ts';
import type { Refusal } from './reply.ts';
import type { Route } from './route.ts';
import { firstIdAt } from './time.ts';

/** The part of one request in the audit log. */
export type Trail = {
  /** Adds what tells the entry apart; never a secret. `orgs`: whose logs get it, where the path names no org. */
  readonly add: (details: AuditDetails, orgs?: readonly string[]) => void;
  /** A permission beside that of the route was judged: the entry is about this one. */
  readonly judged: (permission: string, reason: string) => void;
  /** The change was made. Written once: an operation may call it early, at the same time as other work. */
  readonly changed: (by: Caller, reason: string, status: number) => Promise<void>;
  /** The caller is known and was refused. `stranger`: it has no role in the org. */
  readonly refused: (by: Caller, refusal: Refusal, reason: string, stranger?: boolean) => Promise<void>;
  /** Nobody knows who called. */
  readonly unauthenticated: (refusal: Refusal) => Promise<void>;
};

export type OpenTrail = (
  action: string,
  route: Route,
  request: ApiRequest,
  params: Readonly<Record<string, string>>,
) => Trail;

type Dependencies = Pick<ApiDependencies, 'table' | 'clock' | 'ids' | 'log'>;

/** Keys that are remembered within a minute; beyond that the table is asked each time. */
const MOST_REMEMBERED = 10_000;

/** Milliseconds. Refusals of one stranger and action are one entry for this time: nobody fills the log of another's org. */
export const REFUSALS_ARE_ONE_FOR = 60_000;

/** The actor when nobody knows who called. */
export const ANONYMOUS = 'anonymous';

export function createAudit({ table, clock, ids, log }: Dependencies): OpenTrail {
  const firstOfMinute = rememberMinute();

  return (action, route, request, params) => {
    let details: AuditDetails | undefined;
    let named: readonly string[] | undefined;
    let judged: { readonly permission: string; readonly reason: string } | undefined;
    let written = false;

    const orgsOf = (caller: Caller): readonly string[] => {
      if (named !== undefined) return named;
      return params.org === undefined ? [...new Set(caller.roles.map(role => role.org))] : [params.org];
    };
    const entryOf = (org: string, more: Pick<AuditEntry, 'actor' | 'decision' | 'reason' | 'status'>): AuditEntry => ({
      org,
      id: ids.ordered(),
      at: clock.now(),
      action,
      permission: judged?.permission ?? route.permission,
      method: request.method,
      resource: resourceOf(route.path, params),
      requestId: request.requestId,
      ...(details === undefined ? {} : { details }),
      ...more,
    });
    const putAll = async (orgs: readonly string[], more: Parameters<typeof entryOf>[1]): Promise<void> => {
      await Promise.all(orgs.map(org => putAuditEntry(table, entryOf(org, more))));
    };
    /** A refusal stands whether it could be recorded or not. */
    const attempt = async (put: () => Promise<void>): Promise<void> => {
      try {
        await put();
      } catch (error) {
        const message = 'a refusal is not in the audit log: its entry could not be written';
        log({ level: 'error', message, requestId: request.requestId, action, ...describeError(error) });
      }
    };
    const putFromOutside = async (actor: string, refusal: Refusal, reason: string): Promise<void> => {
      const { org } = params;
      if (org === undefined || !isPathParameter('org', org)) return;
      const id = idOfMinute(clock.now(), [action, actor]);
      if (!firstOfMinute(clock.now(), `${org} ${id}`) || !(await orgExists(table, org))) return;
      const { status } = ERROR_CODES[refusal.refused];
      await putAuditEntry(table, { ...entryOf(org, { actor, decision: 'refused', reason, status }), id });
    };

    return {
      add(more, orgs) {
        details = { ...details, ...more };
        named = orgs ?? named;
      },
      judged(permission, reason) {
        judged = { permission, reason };
      },
      async changed(by, reason, status) {
        if (written) return;
        written = true;
        try {
          await putAll(orgsOf(by), { actor: by.id, decision: 'allowed', reason: judged?.reason ?? reason, status });
        } catch (cause) {
          throw new Error(`${action} was carried out, and its entry in the audit log could not be written`, { cause });
        }
      },
      refused: (by, refusal, reason, stranger = false) =>
        attempt(() => {
          if (stranger) return putFromOutside(by.id, refusal, reason);
          const { status } = ERROR_CODES[refusal.refused];
          return putAll(orgsOf(by), { actor: by.id, decision: 'refused', reason, status });
        }),
      unauthenticated: refusal => attempt(() => putFromOutside(ANONYMOUS, refusal, refusal.message)),
    };
  };
}

/** The path as far as it can be an id of something: what else a caller wrote there, a secret perhaps, is not kept. */
function resourceOf(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const text = params[name];
    return text !== undefined && isPathParameter(name, text) ? text : placeholder;
  });
}

/** The same id for all that is one entry; it stands among the others by the minute's begin. */
function idOfMinute(now: number, parts: readonly string[]): string {
  const [high = '', low = ''] = firstIdAt(Math.floor(now / REFUSALS_ARE_ONE_FOR) * REFUSALS_ARE_ONE_FOR).split('-');
  const digest = hash('sha256', parts.join(' '), 'hex');
  return `${high}-${low}-7${digest.slice(0, 3)}-8${digest.slice(3, 6)}-${digest.slice(6, 18)}`;
}

/** Says whether a key comes for the first time in its minute, as far as this process knows. */
function rememberMinute(): (now: number, key: string) => boolean {
  let minute = 0;
  const seen = new Set<string>();
  return (now, key) => {
    if (Math.floor(now / REFUSALS_ARE_ONE_FOR) !== minute) {
      minute = Math.floor(now / REFUSALS_ARE_ONE_FOR);
      seen.clear();
    }
    if (seen.has(key)) return false;
    if (seen.size < MOST_REMEMBERED) seen.add(key);
    return true;
  };
}
