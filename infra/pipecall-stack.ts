import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { constructsOf, type Imports } from './imports.ts';
import { Pipecall } from './pipecall.ts';
import type { PipecallProps } from './pipecall-props.ts';

export type PipecallStackProps = StackProps & PipecallProps & Imports;

/** Pipecall in a stack of its own, and what one must know of it afterwards. */
export class PipecallStack extends Stack {
  readonly pipecall: Pipecall;

  constructor(scope: Construct, id: string, props: PipecallStackProps = {}) {
    super(scope, id, { description: 'Pipecall: pipelines that are started over HTTP', ...props });
    // `Default` leaves no trace in the names of resources: they are what they would be in the stack itself.
    const pipecall = new Pipecall(this, 'Default', { ...props, ...constructsOf(this, props) });
    this.pipecall = pipecall;

    const output = (name: string, description: string, value: string) =>
      new CfnOutput(this, name, { description, value });
    output('ApiUrl', 'Where callers reach the API', pipecall.gateway.url);
    output('EventBusName', 'The bus whose events start pipelines', pipecall.bus.name);
    output('TableName', 'The table with all records', pipecall.table.name);
    output(
      'ServerSecretArn',
      'The secret behind token hashes; the first administrator is made with it',
      pipecall.serverSecret.secretArn,
    );
    output(
      'StateMachineArn',
      'The state machine of which every run is an execution',
      pipecall.stateMachine.stateMachineArn,
    );
    const { domainName } = pipecall.gateway;
    if (domainName === undefined) return;
    output('DomainTarget', 'What the record of the domain in the DNS points to', domainName.regionalDomainName);
  }
}
