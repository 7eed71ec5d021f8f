import { attempt } from './attempt.ts';
import { type ActionConnection, type Caller, type Reply, refused } from './connection.ts';
import { stepToken } from './step-token.ts';
import { named, taskDefinitionArn } from './targets.ts';

export type TaskAsked = {
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly launchType?: 'FARGATE' | 'EC2' | 'EXTERNAL';
  readonly network?: {
    readonly subnets: readonly string[];
    readonly securityGroups: readonly string[];
    readonly publicIp: boolean;
  };
  readonly containers: readonly {
    readonly name: string;
    readonly command?: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
  }[];
};

export type TaskSeen = {
  readonly status: string;
  readonly stopCode?: string;
  readonly reason?: string;
  readonly containers: readonly { readonly name: string; readonly exitCode?: number; readonly reason?: string }[];
};

/** Reasons of RunTask that pass: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html */
const PASSING = /^(RESOURCE:|AGENT|Capacity is unavailable)/;

export function createEcsCalls({ home, refusalOf, config }: ActionConnection) {
  const open = async (caller: Caller, cluster: string) => {
    const sdk = await import('@aws-sdk/client-ecs');
    const client = new sdk.ECSClient(config(caller, cluster));
    return { sdk, client, abort: { abortSignal: caller.signal } };
  };
  return {
    async runTask(caller: Caller, asked: TaskAsked): Promise<Reply<{ readonly arn: string }>> {
      const cluster = named(home, 'ecs', 'cluster', asked.cluster);
      const refusal = refusalOf(cluster) ?? refusalOf(taskDefinitionArn(home, asked.taskDefinition));
      if (refusal !== undefined) return refusal;
      const { sdk, client, abort } = await open(caller, cluster);
      const token = stepToken(caller.stepId);
      const { launchType, network } = asked;
      return attempt('ECS', async () => {
        const { tasks = [], failures = [] } = await client.send(
          new sdk.RunTaskCommand({
            cluster,
            taskDefinition: asked.taskDefinition,
            count: 1,
            clientToken: token,
            // The rule of the status events knows our tasks by it.
            startedBy: token,
            ...(launchType === undefined ? {} : { launchType }),
            ...(network === undefined ? {} : { networkConfiguration: { awsvpcConfiguration: networkOf(network) } }),
            overrides: { containerOverrides: asked.containers.map(overrideOf) },
          }),
          abort,
        );
        const arn = tasks[0]?.taskArn;
        if (arn !== undefined) return { ok: true, value: { arn } };
        const why = failures.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(', ')).join('; ');
        const passing = failures.length > 0 && failures.every(({ reason = '' }) => PASSING.test(reason));
        return refused(passing ? 'AWS_ERROR' : 'INVALID_REQUEST', `ECS did not start the task: ${why}`, passing);
      });
    },
    async describeTask(caller: Caller, clusterText: string, arn: string): Promise<Reply<TaskSeen>> {
      const cluster = named(home, 'ecs', 'cluster', clusterText);
      const { sdk, client, abort } = await open(caller, cluster);
      return attempt('ECS', async () => {
        const { tasks = [] } = await client.send(new sdk.DescribeTasksCommand({ cluster, tasks: [arn] }), abort);
        const [task] = tasks;
        // A stopped task is forgotten after about an hour.
        if (task === undefined) return refused('NOT_FOUND', `ECS knows no task ${arn} any more.`);
        const { lastStatus = '', stopCode, stoppedReason, containers = [] } = task;
        return {
          ok: true,
          value: {
            status: lastStatus,
            ...(stopCode === undefined ? {} : { stopCode }),
            ...(stoppedReason === undefined ? {} : { reason: stoppedReason }),
            containers: containers.map(({ name = '', exitCode, reason }) => ({
              name,
              ...(exitCode === undefined ? {} : { exitCode }),
              ...(reason === undefined ? {} : { reason }),
            })),
          },
        };
      });
    },
    async stopTask(
      caller: Caller,
      call: { readonly cluster: string; readonly arn: string; readonly cause: string },
    ): Promise<Reply<undefined>> {
      const cluster = named(home, 'ecs', 'cluster', call.cluster);
      const { sdk, client, abort } = await open(caller, cluster);
      return attempt('ECS', async () => {
        await client.send(
          new sdk.StopTaskCommand({ cluster, task: call.arn, reason: call.cause.slice(0, 1_024) }),
          abort,
        );
        return { ok: true, value: undefined };
      });
    },
  };
}

const networkOf = ({ subnets, securityGroups, publicIp }: NonNullable<TaskAsked['network']>) => ({
  subnets: [...subnets],
  securityGroups: [...securityGroups],
  assignPublicIp: publicIp ? ('ENABLED' as const) : ('DISABLED' as const),
});

const overrideOf = ({ name, command, environment }: TaskAsked['containers'][number]) => ({
  name,
  ...(command === undefined ? {} : { command: [...command] }),
  environment: Object.entries(environment).map(([key, value]) => ({ name: key, value })),
});
