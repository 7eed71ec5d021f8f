import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage, RemovalPolicy, Size, Stack, Validations } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';

export type WebFilesProps = { readonly bucket: IBucket; readonly logRetention: RetentionDays };

const ROOT = new URL('../../', import.meta.url);

/** In the bucket, and in addresses. */
const PREFIX = 'ui';

/**
 * Builds the web UI when the stack is synthesized, as the functions are bundled then, and puts it into the bucket when it is
 * deployed. New assets come before the page that names them, and old ones stay: tabs that are open still load their parts.
 */
export class WebFiles extends Construct {
  constructor(scope: Construct, id: string, { bucket, logRetention }: WebFilesProps) {
    super(scope, id);
    const asset = new Asset(this, 'Build', {
      path: fileURLToPath(new URL('web/', ROOT)),
      exclude: ['dist'],
      assetHashType: AssetHashType.OUTPUT,
      bundling: {
        image: DockerImage.fromRegistry('none'),
        local: {
          tryBundle(outDir) {
            build(outDir);
            return true;
          },
        },
      },
    });
    const { role, logGroup } = Copier.of(this, logRetention);
    const policy = this.#policy(role, bucket, asset);
    const shared = {
      // One object of ours, not whatever the bucket of CDK's assets has.
      sources: [Source.bucket(asset.bucket, asset.s3ObjectKey)],
      destinationBucket: bucket,
      destinationKeyPrefix: PREFIX,
      // The policy above is all that is needed; without this CDK would add rights on both buckets.
      role: role.withoutPolicyUpdates(),
      logGroup,
      prune: false,
      // With the stack the files go, and then the bucket.
      retainOnDelete: false,
      outputObjectKeys: false,
      // A size that nobody else uses: deployments of the same size share one function, and so its role.
      memoryLimit: 320,
      ephemeralStorageSize: Size.mebibytes(512),
    };
    const assets = new BucketDeployment(this, 'Assets', {
      ...shared,
      exclude: ['*'],
      include: ['assets/*'],
      // Their names hold a hash of what is in them.
      cacheControl: [CacheControl.fromString('public, max-age=31536000, immutable')],
    });
    const page = new BucketDeployment(this, 'Page', {
      ...shared,
      exclude: ['*'],
      include: ['index.html'],
      cacheControl: [CacheControl.noCache()],
    });
    assets.node.addDependency(policy);
    page.node.addDependency(policy, assets);
    this.#acknowledge(policy, bucket);
  }

  #policy(role: Role, bucket: IBucket, asset: Asset): Policy {
    const allow = (actions: string[], ...resources: string[]) => new PolicyStatement({ actions, resources });
    return new Policy(this, 'Policy', {
      roles: [role],
      statements: [
        allow(['s3:GetObject'], asset.bucket.arnForObjects(asset.s3ObjectKey)),
        allow(['s3:ListBucket', 's3:GetBucketTagging'], bucket.bucketArn),
        allow(['s3:PutObject', 's3:DeleteObject'], bucket.arnForObjects(`${PREFIX}/*`)),
      ],
    });
  }

  #acknowledge(policy: Policy, bucket: IBucket): void {
    const reason = 'The files of the web UI, whose names hold a hash and so are not known beforehand.';
    // as: the bucket was made by this stack
    const name = Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnBucket);
    Validations.of(policy).acknowledge({ id: `AwsSolutions-IAM5[Resource::<${name}.Arn>/${PREFIX}/*]`, reason });
    const copier = Stack.of(this).node.children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'));
    if (copier === undefined) throw new Error('CDK names the function of a BucketDeployment otherwise now');
    const cdk = 'A function of CDK, which CloudFormation calls once per deployment and which waits for its answer.';
    Validations.of(copier).acknowledge(
      { id: 'AwsSolutions-L1', reason: 'A function of CDK: it comes with the runtime that CDK tests it on.' },
      {
        id: 'Serverless-LambdaLatestVersion',
        reason: 'A function of CDK: it comes with the runtime that CDK tests it on.',
      },
      { id: 'Serverless-LambdaDLQ', reason: cdk },
      { id: 'Serverless-LambdaTracing', reason: cdk },
    );
  }
}

/**
 * What the function of CDK acts as, and where it logs: one in a stack, for several web UIs in it share that function. Each
 * brings its own rights.
 */
class Copier extends Construct {
  readonly role: Role;
  readonly logGroup: LogGroup;

  static of(scope: Construct, logRetention: RetentionDays): Copier {
    const stack = Stack.of(scope);
    const found = stack.node.tryFindChild(COPIER);
    return found instanceof Copier ? found : new Copier(stack, logRetention);
  }

  private constructor(stack: Stack, retention: RetentionDays) {
    super(stack, COPIER);
    this.logGroup = new LogGroup(this, 'Logs', { retention, removalPolicy: RemovalPolicy.DESTROY });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup.grantWrite(this.role);
  }
}

const COPIER = 'PipecallWebFiles';

/** With the Node that synthesizes. */
function build(outDir: string): void {
  const vite = fileURLToPath(new URL('node_modules/vite/bin/vite.js', ROOT));
  const args = [vite, 'build', 'web', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'];
  const { status, error } = spawnSync(process.execPath, args, {
    cwd: fileURLToPath(ROOT),
    // Whatever the process that synthesizes is run for: with another value React would be its development version.
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error('the web UI could not be built; `npm run build` says why', { cause: error });
}
