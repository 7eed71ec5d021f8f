import { type Refusal, type Reply, refused } from './connection.ts';

/** Does a call of a service for a step: what AWS refuses is an answer, a bug of ours is not. */
export async function attempt<T>(service: string, work: () => Promise<Reply<T>>): Promise<Reply<T>> {
  try {
    return await work();
  } catch (error) {
    const judged = refusalBy(service, error);
    if (judged === undefined) throw error;
    return judged;
  }
}

const THROTTLED = /Throttl|TooManyRequests|RequestLimit|SlowDown|LimitExceeded|RateExceeded/i;
const DENIED =
  /AccessDenied|AuthorizationError|NotAuthorized|Unauthorized|UnrecognizedClient|InvalidClientToken|KMSAccess/i;
const ABSENT = /NotFound|DoesNotExist|NonExistent/i;

/** By name, for the services do not agree about status codes. Undefined: it did not come from AWS or the way there. */
export function refusalBy(service: string, error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name } = error;
  const message = `${service}: ${name === 'Error' ? '' : `${name}: `}${error.message}`;
  if (name === 'AbortError') return refused('ABORTED', `${service}: the step was cut off.`);
  const status = statusOf(error);
  if (status === undefined && !isNetworkTrouble(error)) return undefined;
  if (THROTTLED.test(name) || status === 429) return refused('THROTTLED', message, true);
  if (status === undefined || status >= 500) return refused('AWS_ERROR', message, true);
  if (DENIED.test(name) || status === 401 || status === 403) return refused('ACCESS_DENIED', message);
  if (ABSENT.test(name) || status === 404) return refused('NOT_FOUND', message);
  return refused('INVALID_REQUEST', message);
}

/** The SDK tells it beside the error. */
function statusOf(error: Error): number | undefined {
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/** Errors of sockets and name servers have a code; the time-outs of the SDK have a name. */
const isNetworkTrouble = (error: Error): boolean =>
  error.name === 'TimeoutError' || ('code' in error && typeof error.code === 'string');
