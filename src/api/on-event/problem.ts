import type { RefusedStart } from '../../store/refused-starts.ts';
import type { Refusal } from '../reply.ts';

/** Characters; what is longer quotes what somebody sent. */
const LONGEST_MESSAGE = 2_000;
const LONGEST_DETAILS = 20_000;

/** What a refusal is kept as. */
export function problemOf({ refused, message, details }: Refusal): Pick<RefusedStart, 'code' | 'message' | 'details'> {
  const short = details === undefined || JSON.stringify(details).length > LONGEST_DETAILS ? {} : { details };
  return { code: refused, message: message.slice(0, LONGEST_MESSAGE), ...short };
}
