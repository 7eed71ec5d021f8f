import { Token } from 'aws-cdk-lib';

/** What the AWS actions of pipelines may reach: ARNs, where `*` and `?` mean what they mean to IAM. */
export type AllowedActions = {
  readonly functions?: readonly string[];
  readonly stateMachines?: readonly string[];
  /** `task-definition/<family>:*` lets every revision through. Goes together with `clusters`. */
  readonly taskDefinitions?: readonly string[];
  readonly clusters?: readonly string[];
  /** Task and execution roles of those task definitions, which whoever runs a task must be allowed to hand over. */
  readonly taskRoles?: readonly string[];
  readonly projects?: readonly string[];
  readonly eventBuses?: readonly string[];
  readonly queues?: readonly string[];
  readonly topics?: readonly string[];
};

type Kind = keyof AllowedActions;

/** How the ARNs of each kind go on behind `arn:<partition>:`; region and account may be patterns. */
const FORMS: Readonly<Record<Kind, RegExp>> = {
  functions: /^lambda:[^:]+:[^:]+:function:[^:]+(:[^:]+)?$/,
  stateMachines: /^states:[^:]+:[^:]+:stateMachine:[^:]+(:[^:]+)?$/,
  taskDefinitions: /^ecs:[^:]+:[^:]+:task-definition\/[^:]+:[^:]+$/,
  clusters: /^ecs:[^:]+:[^:]+:cluster\/[^:]+$/,
  taskRoles: /^iam::[^:]+:role\/[^:]+$/,
  projects: /^codebuild:[^:]+:[^:]+:project\/[^:]+$/,
  eventBuses: /^events:[^:]+:[^:]+:event-bus\/[^:]+$/,
  queues: /^sqs:[^:]+:[^:]+:[^:/]+$/,
  topics: /^sns:[^:]+:[^:]+:[^:/]+$/,
};

// as: the keys of the record above
export const KINDS = Object.keys(FORMS) as readonly Kind[];

/** Sorts ARNs by what they are of. Undefined: one is of none of these kinds. */
export function sortAllowed(arns: readonly string[]): AllowedActions | undefined {
  if (arns.some(arn => kindOf(arn) === undefined)) return undefined;
  return Object.fromEntries(
    KINDS.map(kind => [kind, arns.filter(arn => kindOf(arn) === kind)] as const).filter(([, some]) => some.length > 0),
  );
}

/** What is wrong with them; empty: nothing. What CloudFormation fills in is not looked at. */
export function problemsOf(allowed: AllowedActions): readonly string[] {
  const wrong = KINDS.flatMap(kind =>
    (allowed[kind] ?? [])
      .filter(arn => !Token.isUnresolved(arn) && kindOf(arn) !== kind)
      .map(arn => `'${arn}' is none of the ${kind}`),
  );
  const [definitions = [], clusters = []] = [allowed.taskDefinitions, allowed.clusters];
  const lone = (definitions.length === 0) !== (clusters.length === 0);
  return lone ? [...wrong, 'taskDefinitions and clusters go together: a task is run from one in the other'] : wrong;
}

function kindOf(arn: string): Kind | undefined {
  const rest = /^arn:(?:aws|aws-[a-z-]+):(.+)$/.exec(arn)?.[1];
  return rest === undefined || rest.includes(',') ? undefined : KINDS.find(kind => FORMS[kind].test(rest));
}
