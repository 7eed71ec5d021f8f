import type { Json } from '../../json.ts';
import { type EventCaller, getEventCallers as read, putEventCallers as write } from '../../store/event-callers.ts';
import { readJsonObject } from '../body.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { isPathParameter } from '../path-parameters.ts';
import { isRefusal, type Refusal, type Reply, refuse } from '../reply.ts';
import { ACCOUNT, LONGEST_SOURCE, MOST_CALLERS } from '../schemas/events.ts';
import { userOfOrg } from '../user-of-org.ts';

export const getEventCallers =
  ({ table }: ApiDependencies): Operation<'getEventCallers'> =>
  async ({ params }) =>
    reply(await read(table, params.org));

export const putEventCallers =
  ({ table }: ApiDependencies): Operation<'putEventCallers'> =>
  async ({ request, params, audit }) => {
    const body = readJsonObject(request, ['callers']);
    if (isRefusal(body)) return body;
    const callers = readCallers(body.value.callers);
    if ('refused' in callers) return callers;
    for (const { serviceUser } of callers) {
      const there = await userOfOrg(table, params.org, serviceUser);
      if (there?.profile.type !== 'service') {
        return refuse('UNKNOWN_SERVICE_USER', `Org '${params.org}' has no service user '${serviceUser}'.`);
      }
    }
    await write(table, params.org, callers);
    audit({
      callers: callers
        .map(({ account, source = '*', serviceUser }) => `${account} ${source} ${serviceUser}`)
        .join(', '),
    });
    return reply(callers);
  };

const KEYS = ['account', 'source', 'service_user'];

function readCallers(given: Json | undefined): readonly EventCaller[] | Refusal {
  if (!Array.isArray(given) || given.length > MOST_CALLERS) {
    return refuse('INVALID_BODY', `Body: 'callers' must be a list of at most ${MOST_CALLERS} entries.`);
  }
  const callers: EventCaller[] = [];
  for (const [index, entry] of given.entries()) {
    const caller = readCaller(entry);
    if (typeof caller === 'string') return refuse('INVALID_BODY', `Body: callers[${index}] ${caller}.`);
    if (callers.some(({ account, source }) => account === caller.account && source === caller.source)) {
      return refuse('INVALID_BODY', `Body: callers[${index}] has the account and source of an entry before it.`);
    }
    callers.push(caller);
  }
  return callers;
}

/** A text instead says what is wrong with it. */
function readCaller(entry: Json): EventCaller | string {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return 'must be a map';
  const given = new Map<string, Json>(Object.entries(entry));
  const unknown = [...given.keys()].find(key => !KEYS.includes(key));
  if (unknown !== undefined) return `has an unknown key '${unknown}'; known: ${KEYS.join(', ')}`;
  const [account, source, serviceUser] = KEYS.map(key => given.get(key));
  if (typeof account !== 'string' || !new RegExp(ACCOUNT).test(account)) return "must have an 'account' of 12 digits";
  if (typeof serviceUser !== 'string' || !isPathParameter('user', serviceUser)) {
    return "must have a 'service_user', the id of one";
  }
  if (source === undefined) return { account, serviceUser };
  if (typeof source !== 'string' || source.length < 1 || source.length > LONGEST_SOURCE) {
    return `may have a 'source' of 1 to ${LONGEST_SOURCE} characters`;
  }
  return { account, source, serviceUser };
}

const reply = (callers: readonly EventCaller[]): Reply => ({
  status: 200,
  body: JSON.stringify({
    callers: callers.map(({ account, source, serviceUser }) => ({ account, source, service_user: serviceUser })),
  }),
});
