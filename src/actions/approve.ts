import {
  type Action,
  type ActionContext,
  type Answer,
  APPROVE,
  type ApprovalSettings,
  type ApprovalView,
  failed,
  type JsonObject,
  succeeded,
} from './action.ts';

/** Minutes: 30 days, as long as a run may take. */
const LONGEST_WAIT = 43_200;

export const approve: Action = {
  name: APPROVE,
  version: 1,
  summary: 'Asks people to approve, and waits for them without using compute.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['message'],
    // `environment` is what older definitions call `env_id`.
    oneOf: [{ required: ['env_id'] }, { required: ['environment'] }],
    properties: {
      env_id: {
        description: 'The environment of the app that the approval is about: who may decide depends on its type.',
        type: 'string',
        minLength: 1,
      },
      environment: {
        description: 'The same as `env_id`, under its older name. Not together with `env_id`.',
        type: 'string',
        minLength: 1,
      },
      message: { description: 'What people are asked.', type: 'string' },
      min_approvals: {
        description: 'How many different people have to approve. Default: 1.',
        type: 'integer',
        minimum: 1,
        maximum: 100,
      },
      allow_self: {
        description: 'Whether the one who started the run may decide. Default: true.',
        type: 'boolean',
      },
      timeout_minutes: {
        description: 'How long to wait for a decision. Default, and at most: 43,200 (30 days).',
        type: 'number',
        exclusiveMinimum: 0,
        maximum: LONGEST_WAIT,
      },
      on_timeout: {
        description: 'What happens when nobody decided in time: the step fails, or goes on. Default: `fail`.',
        type: 'string',
        enum: ['fail', 'approve'],
      },
    },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    properties: {
      approved_by: {
        description: 'The id of who approved; of several, separated by commas. Empty if the time-out did.',
        type: 'string',
      },
      comment: { description: 'What they said; of several, one line each.', type: 'string' },
    },
  },
  errors: {
    DENIED: 'Somebody denied it.',
    NOT_DECIDED: 'Nobody decided in time.',
    WITHDRAWN: 'The approval was cancelled before anybody decided.',
    UNKNOWN_ENVIRONMENT: 'The app has no environment of this id.',
  },
  pure: false,
  async run(context) {
    const { approval, state, inputs } = context;
    if (state !== undefined) return answer(context, await approval.look());
    const settings = settingsOf(inputs);
    const asked = await approval.request(settings);
    if (asked !== undefined) return answer(context, asked);
    // It may have been asked for before a crash, when the environment was still there.
    await approval.close('cancelled');
    const message = `The app has no environment '${settings.envId}'; create it, or name another one in \`env_id\`.`;
    return failed('UNKNOWN_ENVIRONMENT', message);
  },
  async abandon({ approval }) {
    await approval.close('cancelled');
  },
};

function settingsOf({ env_id, environment, message, min_approvals, allow_self }: JsonObject): ApprovalSettings {
  return {
    envId: String(env_id ?? environment),
    message: String(message),
    minApprovals: typeof min_approvals === 'number' ? min_approvals : 1,
    allowSelf: allow_self !== false,
  };
}

async function answer(context: ActionContext, found: ApprovalView): Promise<Answer> {
  const until = deadlineOf(context.inputs, found);
  const late = context.now() >= until;
  switch (found.status) {
    case 'waiting': {
      if (late) return timeOut(context, found);
      return { status: 'waiting', for: `approval(${found.id})`, until, state: {} };
    }
    case 'approved':
      return succeeded({ approved_by: found.decidedBy.join(','), comment: found.comment });
    case 'denied': {
      const said = found.comment === '' ? '.' : `: ${found.comment}`;
      return failed('DENIED', `${found.deniedBy ?? 'Somebody'} denied it${said}`);
    }
    case 'cancelled':
      // After a crash: it is this step that closed it.
      if (late) return notDecided(found);
      return failed('WITHDRAWN', `Approval ${found.id} was cancelled before anybody decided.`);
  }
}

/** Milliseconds since the epoch. */
function deadlineOf({ timeout_minutes }: JsonObject, { askedAt }: ApprovalView): number {
  const minutes = typeof timeout_minutes === 'number' ? timeout_minutes : LONGEST_WAIT;
  return Math.ceil(askedAt + minutes * 60_000);
}

/** A decision that came at the last moment counts. */
async function timeOut(context: ActionContext, found: ApprovalView): Promise<Answer> {
  const closed = await context.approval.close(context.inputs.on_timeout === 'approve' ? 'approved' : 'cancelled');
  return closed === undefined || closed.status === 'waiting' ? notDecided(found) : answer(context, closed);
}

const notDecided = ({ id }: ApprovalView): Answer =>
  failed('NOT_DECIDED', `Nobody decided about approval ${id} in time.`);
