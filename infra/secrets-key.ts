import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export type SecretsKeyProps = {
  /** True: the key outlives the stack, as the records do that it sealed secrets of. */
  readonly keepRecords: boolean;
};

/** The key that secrets are sealed with. Who may seal cannot open, and the other way round. */
export class SecretsKey extends Construct {
  readonly id: string;
  readonly #arn: string;

  constructor(scope: Construct, id: string, { keepRecords }: SecretsKeyProps) {
    super(scope, id);
    const key = new Key(this, 'Key', {
      description: 'Pipecall: seals the secrets of apps and runs',
      // What older versions of the key sealed stays readable; KMS keeps them all.
      enableKeyRotation: true,
      removalPolicy: keepRecords ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.id = key.keyId;
    this.#arn = key.keyArn;
  }

  allowSeal(role: Role): void {
    this.#allow(role, 'kms:GenerateDataKey');
  }

  allowOpen(role: Role): void {
    this.#allow(role, 'kms:Decrypt');
  }

  /** Exactly this; the grants of CDK add `Encrypt`, `ReEncrypt*` and more. */
  #allow(role: Role, action: string): void {
    role.addToPolicy(new PolicyStatement({ actions: [action], resources: [this.#arn] }));
  }
}
