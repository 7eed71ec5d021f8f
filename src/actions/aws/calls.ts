/** Why a call of AWS did not do what it was to do. `passing`: the same call may go better later. */
export type AwsFailure = {
  readonly ok: false;
  readonly code:
    | 'TARGET_NOT_ALLOWED'
    | 'NOT_FOUND'
    | 'ACCESS_DENIED'
    | 'INVALID_REQUEST'
    | 'THROTTLED'
    | 'AWS_ERROR'
    | 'ABORTED';
  readonly message: string;
  readonly passing: boolean;
};

export type AwsReply<T> = { readonly ok: true; readonly value: T } | AwsFailure;

/** On whose behalf: the step stands in the name of the session, and in the token that makes a start happen once. */
export type AwsCaller = { readonly stepId: string; readonly signal: AbortSignal };

export type ExecutionView = {
  readonly status: string;
  /** JSON text. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
};

export type TaskCall = {
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

export type TaskView = {
  readonly status: string;
  readonly stopCode?: string;
  readonly reason?: string;
  readonly containers: readonly { readonly name: string; readonly exitCode?: number; readonly reason?: string }[];
};

export type BuildCall = {
  readonly project: string;
  readonly sourceVersion?: string;
  readonly environment: Readonly<Record<string, string>>;
};

/** `failedPhases`: what the phases that failed say, in order. */
export type BuildView = { readonly status: string; readonly failedPhases: readonly string[] };

export type MessageCall = {
  readonly body: string;
  /** Of a FIFO queue or topic; what repeats is sorted out by the id of the step. */
  readonly groupId?: string;
  readonly attributes: Readonly<Record<string, string>>;
};

/**
 * AWS as steps reach it: with the rights of the role for actions, and only what the deployment lists. Targets are ARNs or,
 * where it says so, names in the account and region of the deployment.
 */
export type AwsCalls = {
  /** Milliseconds after which a step looks for itself at what it waits for, in case that no event tells. */
  readonly lookAgain: number;
  /** `target`: name, name with alias, or ARN. */
  invokeLambda(
    caller: AwsCaller,
    call: { readonly target: string; readonly wait: boolean; readonly payload: string },
  ): Promise<AwsReply<{ readonly statusCode: number; readonly payload: string; readonly error?: string }>>;
  /** Started twice by a step, there is one execution. */
  startExecution(
    caller: AwsCaller,
    call: { readonly stateMachine: string; readonly input: string },
  ): Promise<AwsReply<{ readonly arn: string }>>;
  describeExecution(caller: AwsCaller, arn: string): Promise<AwsReply<ExecutionView>>;
  /** `arn` absent: what this step started from this state machine, if it did. */
  stopExecution(
    caller: AwsCaller,
    call: { readonly stateMachine: string; readonly arn?: string; readonly cause: string },
  ): Promise<AwsReply<undefined>>;
  /** Started twice by a step within a day, there is one task. */
  runTask(caller: AwsCaller, call: TaskCall): Promise<AwsReply<{ readonly arn: string }>>;
  describeTask(caller: AwsCaller, cluster: string, arn: string): Promise<AwsReply<TaskView>>;
  stopTask(
    caller: AwsCaller,
    call: { readonly cluster: string; readonly arn: string; readonly cause: string },
  ): Promise<AwsReply<undefined>>;
  /** Started twice by a step within five minutes, there is one build. */
  startBuild(caller: AwsCaller, call: BuildCall): Promise<AwsReply<{ readonly arn: string }>>;
  describeBuild(caller: AwsCaller, arn: string): Promise<AwsReply<BuildView>>;
  stopBuild(caller: AwsCaller, arn: string): Promise<AwsReply<undefined>>;
  putEvent(
    caller: AwsCaller,
    call: {
      readonly bus: string;
      readonly source: string;
      readonly detailType: string;
      readonly detail: string;
      readonly resources: readonly string[];
    },
  ): Promise<AwsReply<{ readonly id: string }>>;
  /** `queue`: ARN, URL or name. */
  sendMessage(
    caller: AwsCaller,
    call: MessageCall & { readonly queue: string; readonly delaySeconds?: number },
  ): Promise<AwsReply<{ readonly id: string }>>;
  /** `topic`: ARN. */
  publish(
    caller: AwsCaller,
    call: MessageCall & { readonly topic: string; readonly subject?: string },
  ): Promise<AwsReply<{ readonly id: string }>>;
};
