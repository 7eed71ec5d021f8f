import { type Action, type ActionContext, type Answer, failed } from '../action.ts';
import type { AwsCalls, TaskView } from './calls.ts';
import { AWS_ERRORS, NO_AWS } from './failures.ts';
import { arnOf, follow } from './follow.ts';
import { wait } from './schemas.ts';

export const runTask: Action = {
  name: 'actions/aws/run-task',
  version: 1,
  summary: 'Runs a task of Amazon ECS, which is where scripts belong, and waits until its containers have ended.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['cluster', 'task_definition'],
    properties: {
      cluster: { description: 'The cluster: its name or ARN.', type: 'string', minLength: 1, maxLength: 512 },
      task_definition: {
        description: 'What to run: `family` (its newest revision), `family:revision`, or an ARN.',
        type: 'string',
        minLength: 1,
        maxLength: 512,
      },
      overrides: {
        description: 'What its containers get otherwise than the definition says, by the name of the container.',
        type: 'object',
        default: {},
        additionalProperties: {
          type: 'object',
          additionalProperties: false,
          properties: {
            command: { description: 'The command.', type: 'array', items: { type: 'string' } },
            environment: {
              description: 'Environment variables by name.',
              type: 'object',
              additionalProperties: { type: ['string', 'number', 'boolean'] },
            },
          },
        },
      },
      network: {
        description: 'Where it runs; needed by tasks with the network mode `awsvpc`, which all of Fargate are.',
        type: 'object',
        additionalProperties: false,
        required: ['subnets'],
        properties: {
          subnets: { description: 'Ids.', type: 'array', minItems: 1, maxItems: 16, items: { type: 'string' } },
          security_groups: { description: 'Ids.', type: 'array', maxItems: 5, items: { type: 'string' } },
          public_ip: { description: 'Whether it gets a public address.', type: 'boolean', default: false },
        },
      },
      launch_type: {
        description: 'What it runs on. Absent: as the cluster says.',
        enum: ['FARGATE', 'EC2', 'EXTERNAL'],
      },
      container: {
        description: 'The container whose exit code decides. Absent: all of them have to end with 0.',
        type: 'string',
        minLength: 1,
        maxLength: 255,
      },
      wait,
    },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['task_arn', 'exit_codes'],
    properties: {
      task_arn: { description: 'The ARN of the task.', type: 'string' },
      exit_codes: {
        description: 'By the name of the container; null for one that did not begin. Empty without `wait`.',
        type: 'object',
        additionalProperties: { type: ['integer', 'null'] },
      },
    },
  },
  errors: {
    ...AWS_ERRORS,
    TASK_FAILED:
      'A container ended with another exit code than 0, or did not begin; the output `exit_codes` says which.',
  },
  pure: false,

  async run(context) {
    const { aws } = context.clients;
    return aws === undefined ? NO_AWS : follow(context, jobOf(context, aws));
  },

  async abandon(context, reason) {
    const { aws } = context.clients;
    const { cluster, wait = true } = inputsOf(context);
    const arn = arnOf(context);
    if (aws === undefined || !wait || arn === undefined) return;
    const { stepId, signal } = context;
    const stopped = await aws.stopTask({ stepId, signal }, { cluster, arn, cause: reason });
    if (!stopped.ok) context.log('warning', `The task could not be stopped: ${stopped.message}`);
  },
};

function jobOf(context: ActionContext, aws: AwsCalls) {
  const { cluster, task_definition, overrides = {}, network, launch_type, container, wait = true } = inputsOf(context);
  const { stepId, signal } = context;
  return {
    label: 'aws/run-task',
    wait,
    // Not cut off with the step: what was started has to be known in order to be stopped.
    start: () =>
      aws.runTask(
        { stepId, signal: new AbortController().signal },
        {
          cluster,
          taskDefinition: task_definition,
          containers: Object.entries(overrides).map(([name, { command, environment = {} }]) => ({
            name,
            ...(command === undefined ? {} : { command }),
            environment: Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)])),
          })),
          ...(launch_type === undefined ? {} : { launchType: launch_type }),
          ...(network === undefined ? {} : { network: networkOf(network) }),
        },
      ),
    begun: (arn: string) => ({ task_arn: arn, exit_codes: {} }),
    async look(arn: string) {
      const reply = await aws.describeTask({ stepId, signal }, cluster, arn);
      return reply.ok ? { ok: true as const, value: answerOf(arn, reply.value, container) } : reply;
    },
  };
}

function answerOf(arn: string, task: TaskView, deciding: string | undefined): Answer | undefined {
  if (task.status !== 'STOPPED') return undefined;
  const exit_codes = Object.fromEntries(task.containers.map(({ name, exitCode }) => [name, exitCode ?? null]));
  const outputs = { task_arn: arn, exit_codes };
  const judged = task.containers.filter(({ name }) => deciding === undefined || name === deciding);
  const bad = judged.filter(({ exitCode }) => exitCode !== 0);
  if (judged.length > 0 && bad.length === 0) return { status: 'succeeded', outputs };
  const told = bad.map(({ name, exitCode, reason }) =>
    [`container ${name} ${exitCode === undefined ? 'has no exit code' : `ended with ${exitCode}`}`, reason]
      .filter(text => text !== undefined)
      .join(', '),
  );
  const missing = judged.length === 0 && deciding !== undefined ? [`the task has no container ${deciding}`] : [];
  const why = [...missing, ...told, task.reason ?? task.stopCode].filter(text => text !== undefined).join('; ');
  return failed('TASK_FAILED', `The task failed: ${why}`, outputs);
}

const networkOf = ({ subnets, security_groups = [], public_ip = false }: Network) => ({
  subnets,
  securityGroups: security_groups,
  publicIp: public_ip,
});

type Network = {
  readonly subnets: readonly string[];
  readonly security_groups?: readonly string[];
  readonly public_ip?: boolean;
};

/** What the schema lets through. */
const inputsOf = ({ inputs }: ActionContext) =>
  inputs as {
    readonly cluster: string;
    readonly task_definition: string;
    readonly overrides?: Readonly<
      Record<
        string,
        {
          readonly command?: readonly string[];
          readonly environment?: Readonly<Record<string, string | number | boolean>>;
        }
      >
    >;
    readonly network?: Network;
    readonly launch_type?: 'FARGATE' | 'EC2' | 'EXTERNAL';
    readonly container?: string;
    readonly wait?: boolean;
  };
