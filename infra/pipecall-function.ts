import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage, type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { VARIABLES, type Variable } from '../src/aws/environment.ts';
import { bundle } from './bundle.ts';

export type PipecallFunctionProps = {
  readonly description: string;
  /** Folder in `functions`. */
  readonly folder: 'api' | 'run-jobs' | 'park-run' | 'reconcile' | 'on-event' | 'on-status';
  /** Files, from the root of the repository, of the threads that the function starts. */
  readonly workers?: readonly string[];
  /** MiB; the share of a CPU grows with it, one whole CPU at 1,769. */
  readonly memorySize: number;
  readonly timeout: Duration;
  readonly environment: Readonly<Partial<Record<Variable, string>>>;
  readonly logRetention: RetentionDays;
};

const ROOT = new URL('../', import.meta.url);

/** One Lambda function with its bundle, its own log group, and a role that may write to that log group and nothing else. */
export class PipecallFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: PipecallFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of our own: the default one carries a managed policy that may write to every log group.
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: codeOf(props),
      memorySize: props.memorySize,
      timeout: props.timeout,
      environment: Object.fromEntries(
        // as: Object.entries forgets the names
        (Object.entries(props.environment) as [Variable, string][]).map(([name, value]) => [VARIABLES[name], value]),
      ),
      role: this.role,
      logGroup,
    });
  }
}

/**
 * Not `NodejsFunction`: that calls npx and a shell for every function, one output file at a time. esbuild in this process
 * is faster, splits off what is loaded later, makes the files of threads too, and works where there is no bash.
 */
function codeOf({ folder, workers = [] }: PipecallFunctionProps): Code {
  const source = new URL(`functions/${folder}/`, ROOT);
  return Code.fromAsset(fileURLToPath(source), {
    // Of what was made: a change in `src` is a change of the function, another path of the repository is not.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never used, for what is bundled locally; CDK wants one named all the same.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(outDir) {
          bundle(
            new URL('handler.ts', source),
            workers.map(file => new URL(file, ROOT)),
            outDir,
          );
          return true;
        },
      },
    },
  });
}
