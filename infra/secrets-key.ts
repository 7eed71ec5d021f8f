import type { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export type SecretsKeyProps = {
  /** That of the records: without the key nobody opens what it sealed in them. */
  readonly removalPolicy: RemovalPolicy;
};

/** The key that secrets are sealed with. Who may seal cannot open, and the other way round. */
export class SecretsKey extends Construct {
  readonly id: string;
  readonly #arn: string;

  constructor(scope: Construct, id: string, { removalPolicy }: SecretsKeyProps) {
    super(scope, id);
    const key = new Key(this, 'Key', {
      description: 'Pipecall: seals the secrets of apps and runs',
      // What older versions of the key sealed stays readable; KMS keeps them all.
      enableKeyRotation: true,
      removalPolicy,
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
