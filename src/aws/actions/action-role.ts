import type { Clock } from '../../ports/clock.ts';
import type { AssumedCredentials } from '../assume-role.ts';
import { sessionName } from './step-token.ts';

export type ActionRoleOptions = {
  readonly roleArn: string;
  readonly region: string;
  readonly endpoint?: string;
  /** Absent: those of the process. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly clock: Pick<Clock, 'now'>;
};

/** Milliseconds before the end at which a session is not used any more. */
const MARGIN = 60_000;
/** Sessions kept at a time; each is of one step. */
const KEPT = 100;

/** Sessions of the role for actions, one for each step. The rights of the process itself are used for nothing else. */
export function createActionRole(options: ActionRoleOptions): (stepId: string) => Promise<AssumedCredentials> {
  const { roleArn, region, endpoint, credentials, clock } = options;
  const sessions = new Map<string, Promise<AssumedCredentials>>();

  const assume = async (stepId: string): Promise<AssumedCredentials> => {
    // Loaded when a step reaches AWS: a cold start does without.
    const [{ STSClient }, { assumeRole }] = await Promise.all([
      import('@aws-sdk/client-sts'),
      import('../assume-role.ts'),
    ]);
    const client = new STSClient({
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
    });
    try {
      return await assumeRole(client, roleArn, sessionName(stepId))();
    } finally {
      client.destroy();
    }
  };

  return async stepId => {
    const known = sessions.get(stepId);
    if (known !== undefined) {
      const session = await known;
      if (session.expiration.getTime() - MARGIN > clock.now()) return session;
    }
    const assuming = assume(stepId);
    sessions.delete(stepId);
    sessions.set(stepId, assuming);
    for (const oldest of sessions.keys()) {
      if (sessions.size <= KEPT) break;
      sessions.delete(oldest);
    }
    try {
      return await assuming;
    } catch (error) {
      if (sessions.get(stepId) === assuming) sessions.delete(stepId);
      throw error;
    }
  };
}
