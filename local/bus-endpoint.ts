import { authenticate, type Verifier } from '../src/api/authenticate.ts';
import { type ApiResponse, isRefusal, refuse, respondRefused } from '../src/api/reply.ts';
import type { LocalBus } from './bus.ts';
import type { OwnEndpoint } from './gateway.ts';
import { type AwsAnswer, answerPutEvents, PUT_EVENTS_LIMIT } from './put-events.ts';
import { ADMINISTRATOR } from './seed-names.ts';

export const BUS_PATH = '/aws/events';

/** What a console of AWS does with a dead-letter queue, as further operations of the same protocol. */
const LIST_DEAD_LETTERS = 'Pipecall.ListDeadLetters';
const RESEND_DEAD_LETTERS = 'Pipecall.ResendDeadLetters';

/**
 * PutEvents beside the API, as the policy of the bus is beside it in AWS: an event can start pipelines of every org, so only
 * the administrator of this machine puts any. The token says who that is; a signature of the AWS SDK would say nothing here.
 */
export function busEndpoint(bus: LocalBus, verifier: Verifier): OwnEndpoint {
  return {
    path: BUS_PATH,
    limit: PUT_EVENTS_LIMIT,
    async answer(headers, body): Promise<ApiResponse> {
      const caller = await authenticate([verifier], headers);
      if (isRefusal(caller)) return respondRefused(caller);
      await caller.noted;
      if (caller.id !== ADMINISTRATOR) {
        return respondRefused(refuse('FORBIDDEN', 'Not allowed: only the local administrator puts events on the bus.'));
      }
      const { status, body: answer } = await answerOf(bus, headers['x-amz-target'], body);
      return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(answer) };
    },
  };
}

async function answerOf(bus: LocalBus, target: string | undefined, body: string): Promise<AwsAnswer> {
  if (target === RESEND_DEAD_LETTERS) return { status: 200, body: { Resent: await bus.resend() } };
  if (target !== LIST_DEAD_LETTERS) return answerPutEvents(bus, target, body, { own: false });
  const letters = bus.deadLetters().map(({ body: event, diedAt, ...letter }) => ({
    ...letter,
    diedAt: new Date(diedAt).toISOString(),
    body: event,
  }));
  return { status: 200, body: { DeadLetters: letters } };
}
