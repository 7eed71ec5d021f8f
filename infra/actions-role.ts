import { ArnPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export type ActionsRoleProps = {
  /** ARNs of Lambda functions. */
  readonly invokable: readonly string[];
};

/** What actions may do in AWS: nothing but what a deployment lists. The worker takes it on for a call, and has none of it itself. */
export class ActionsRole extends Construct {
  readonly arn: string;
  readonly #role: Role;

  constructor(scope: Construct, id: string, worker: Role, { invokable }: ActionsRoleProps) {
    super(scope, id);
    this.#role = new Role(this, 'Role', {
      description: 'Pipecall: what actions of pipelines may do',
      assumedBy: new ArnPrincipal(worker.roleArn),
    });
    this.arn = this.#role.roleArn;
    worker.addToPolicy(new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [this.arn] }));
    if (invokable.length === 0) return;
    this.#role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [...invokable] }));
  }
}
