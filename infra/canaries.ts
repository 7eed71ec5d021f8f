import { CfnElement, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';
import { ofThisAccount } from './deployment.ts';
import type { HttpGateway } from './http-gateway.ts';
import { ALIAS, type PipecallFunction } from './pipecall-function.ts';

export type CanariesProps = {
  readonly gateway: HttpGateway;
  readonly api: PipecallFunction;
  /** The other functions that get a new version little by little, by name. */
  readonly others: Readonly<Record<string, PipecallFunction>>;
  readonly alarmsTopic?: ITopic;
};

/** Percent of a version's invocations. */
const BAD_PERCENT = 5;

/** Percent of all answers of the API, of which the version that is tried gives a tenth: a fifth of its own. */
const BAD_ANSWERS_PERCENT = 2;

/** Below that it may be the platform, or one odd request; the alarms of the functions tell of those. */
const FEW = 3;

/**
 * As long as a version is tried. The window slides, so a function of which everything fails is found in the next minute, and
 * among the answers of the API, where those of before count too, some minutes later.
 */
const PERIOD = Duration.minutes(5);

/**
 * A new version of a function gets a tenth of the invocations for five minutes, then all. When it fails meanwhile, CodeDeploy
 * gives everything back to the version before, and CloudFormation takes back the whole update.
 */
export class Canaries extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, { gateway, api, others, alarmsTopic }: CanariesProps) {
    super(scope, id);
    const application = new LambdaApplication(this, 'Application');
    const functions = { Api: api, ...others };
    const role = this.#role(Object.values(functions));
    const alarm = (name: string, percent: number, bad: Metric, all: Metric, of: string) => {
      const what = `${FEW} or more, and ${percent} % or more, of ${of} in ${PERIOD.toMinutes()} minutes`;
      const made = new Alarm(this, `${name}Alarm`, {
        alarmDescription: `Pipecall: ${what}: the deployment is taken back. See docs/operations.md, "Roll back".`,
        metric: new MathExpression({
          expression: `IF(bad >= ${FEW}, 100 * bad / all, 0)`,
          usingMetrics: { bad, all },
          label: 'percent that fail',
          period: PERIOD,
        }),
        threshold: percent,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      if (alarmsTopic !== undefined) made.addAlarmAction(new SnsAction(alarmsTopic));
      return made;
    };
    // Errors of the API are answers, not failures of its function. Nothing tells its versions apart there.
    const badAnswers = alarm(
      'BadAnswers',
      BAD_ANSWERS_PERCENT,
      gateway.api.metricServerError({ period: PERIOD, statistic: Stats.SUM }),
      gateway.api.metricCount({ period: PERIOD, statistic: Stats.SUM }),
      'the answers of the API are a 5xx',
    );
    const made = Object.entries(functions).map(([key, tried]) => {
      const name = key.charAt(0).toUpperCase() + key.slice(1);
      const [failed, invoked] = [ofNewest(tried, 'Errors'), ofNewest(tried, 'Invocations')];
      const errors = alarm(name, BAD_PERCENT, failed, invoked, `the invocations of the newest version of ${name} fail`);
      new LambdaDeploymentGroup(this, name, {
        application,
        alias: tried.alias,
        deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
        // CDK adds a managed policy, which may change every alias in the account.
        role: role.withoutPolicyUpdates(),
        alarms: tried === api ? [errors, badAnswers] : [errors],
        autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
      });
      return errors;
    });
    this.alarms = [badAnswers, ...made];
  }

  #role(functions: readonly PipecallFunction[]): Role {
    const role = new Role(this, 'Role', {
      description: 'Pipecall: moves the aliases of its functions to new versions',
      assumedBy: ofThisAccount(this, 'codedeploy.amazonaws.com'),
    });
    const arns = functions.map(({ function: { functionArn } }) => functionArn);
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:GetAlias', 'lambda:UpdateAlias'],
        // Not the aliases themselves: they wait for their deployment groups, and those for this role.
        resources: arns.flatMap(arn => [arn, `${arn}:${ALIAS}`]),
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:GetProvisionedConcurrencyConfig'],
        resources: arns.map(arn => `${arn}:*`),
      }),
    );
    role.addToPolicy(new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }));
    Validations.of(role).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
        reason: 'CloudWatch keeps alarms back from whoever may not describe all, and a deployment stops without them.',
      },
      ...functions.map(({ function: { node } }) => ({
        id: `AwsSolutions-IAM5[Resource::<${logicalId(node.defaultChild)}.Arn>:*]`,
        reason: 'The versions of one function, whose numbers are given when they are made.',
      })),
    );
    return role;
  }
}

/** As cdk-nag names a resource. */
function logicalId(resource: IConstruct | undefined): string {
  if (!CfnElement.isCfnElement(resource)) throw new Error('a function has no resource');
  return Stack.of(resource).getLogicalId(resource);
}

/** Of the newest version only: an old one that fails must not keep away the version that mends it. */
const ofNewest = ({ function: { functionName }, version }: PipecallFunction, metricName: string): Metric =>
  new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    dimensionsMap: {
      FunctionName: functionName,
      Resource: `${functionName}:${ALIAS}`,
      ExecutedVersion: version.version,
    },
    period: PERIOD,
    statistic: Stats.SUM,
  });
