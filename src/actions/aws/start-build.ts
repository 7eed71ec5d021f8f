import { type Action, type ActionContext, type Answer, failed } from '../action.ts';
import type { AwsCalls, BuildView } from './calls.ts';
import { AWS_ERRORS, NO_AWS } from './failures.ts';
import { arnOf, follow } from './follow.ts';
import { wait } from './schemas.ts';

export const startBuild: Action = {
  name: 'actions/aws/start-build',
  version: 1,
  summary: 'Starts a build of AWS CodeBuild and waits until it is over.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['project_name'],
    properties: {
      project_name: {
        description: 'The project in the account of the deployment, or its ARN.',
        type: 'string',
        minLength: 1,
        maxLength: 512,
      },
      environment_variables: {
        description:
          'Environment variables of the build, by name; they are readable in CodeBuild, so put no secrets here.',
        type: 'object',
        additionalProperties: { type: ['string', 'number', 'boolean'] },
        default: {},
      },
      source_version: {
        description: 'What is built: a commit, branch or tag. Absent: as the project says.',
        type: 'string',
        minLength: 1,
        maxLength: 1024,
      },
      wait,
    },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['build_id', 'status'],
    properties: {
      build_id: { description: 'The id of the build: `project:uuid`.', type: 'string' },
      status: {
        description: 'In the words of CodeBuild: `SUCCEEDED`, `FAILED`, or `IN_PROGRESS` without `wait`.',
        type: 'string',
      },
    },
  },
  errors: {
    ...AWS_ERRORS,
    BUILD_FAILED: 'The build failed; the message names the phases that did.',
    BUILD_TIMED_OUT: 'The build took longer than the project lets it.',
    BUILD_STOPPED: 'The build was stopped by someone else.',
  },
  pure: false,

  async run(context) {
    const { aws } = context.clients;
    return aws === undefined ? NO_AWS : follow(context, jobOf(context, aws));
  },

  async abandon(context) {
    const { aws } = context.clients;
    const arn = arnOf(context);
    if (aws === undefined || inputsOf(context).wait === false || arn === undefined) return;
    const { stepId, signal } = context;
    const stopped = await aws.stopBuild({ stepId, signal }, arn);
    if (!stopped.ok) context.log('warning', `The build could not be stopped: ${stopped.message}`);
  },
};

function jobOf(context: ActionContext, aws: AwsCalls) {
  const { project_name, environment_variables = {}, source_version, wait = true } = inputsOf(context);
  const { stepId, signal } = context;
  return {
    label: 'aws/start-build',
    wait,
    // Not cut off with the step: what was started has to be known in order to be stopped.
    start: () =>
      aws.startBuild(
        { stepId, signal: new AbortController().signal },
        {
          project: project_name,
          ...(source_version === undefined ? {} : { sourceVersion: source_version }),
          environment: Object.fromEntries(
            Object.entries(environment_variables).map(([name, value]) => [name, String(value)]),
          ),
        },
      ),
    begun: (arn: string) => ({ build_id: idOf(arn), status: 'IN_PROGRESS' }),
    async look(arn: string) {
      const reply = await aws.describeBuild({ stepId, signal }, arn);
      return reply.ok ? { ok: true as const, value: answerOf(arn, reply.value) } : reply;
    },
  };
}

function answerOf(arn: string, { status, failedPhases }: BuildView): Answer | undefined {
  const outputs = { build_id: idOf(arn), status };
  switch (status) {
    case 'SUCCEEDED':
      return { status: 'succeeded', outputs };
    case 'FAILED':
    case 'FAULT': {
      const why = failedPhases.length === 0 ? idOf(arn) : failedPhases.join('; ');
      return failed('BUILD_FAILED', `The build failed: ${why}`, outputs);
    }
    case 'TIMED_OUT':
      return failed('BUILD_TIMED_OUT', `The build ${idOf(arn)} timed out.`, outputs);
    case 'STOPPED':
      return failed('BUILD_STOPPED', `The build ${idOf(arn)} was stopped.`, outputs);
    default:
      return undefined;
  }
}

/** `arn:aws:codebuild:region:account:build/project:uuid`. */
const idOf = (arn: string): string => arn.slice(arn.indexOf('/') + 1);

/** What the schema lets through. */
const inputsOf = ({ inputs }: ActionContext) =>
  inputs as {
    readonly project_name: string;
    readonly environment_variables?: Readonly<Record<string, string | number | boolean>>;
    readonly source_version?: string;
    readonly wait?: boolean;
  };
