import { Duration } from 'aws-cdk-lib';
import { Match, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { DeadLetters } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import type { EventBus } from './event-bus.ts';
import { OWN_SOURCE, WEBHOOKS_KEY } from './own-events.ts';
import { PipecallFunction } from './pipecall-function.ts';
import type { RecordsTable } from './records-table.ts';
import type { SecretsKey } from './secrets-key.ts';

export type WebhooksProps = {
  readonly records: RecordsTable;
  readonly secretsKey: SecretsKey;
  readonly bus: EventBus;
  readonly allowEgress: readonly string[];
  readonly deployment: Deployment;
};

/** Keys of webhooks, of what they are told of, and of the index of what is due (src/store/keys.ts). */
const KEYS = ['WEBHOOKS#*', 'DELIVERIES#*', 'WEBHOOKDUE#*'];

/** Tells the webhooks of an app of its events: at once when one is on the bus, and every minute of what failed before. */
export class Webhooks extends Construct {
  readonly function: PipecallFunction;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { records, secretsKey, bus, allowEgress, deployment }: WebhooksProps) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    const deliver = new PipecallFunction(this, 'Deliver', {
      description: 'Pipecall: tells webhooks of events',
      folder: 'deliver-webhooks',
      memorySize: 512,
      // A round begins attempts for 50 s, and an attempt takes 15 s at the most.
      timeout: Duration.minutes(2),
      environment: { table: records.name, secretsKey: secretsKey.id, allowEgress: allowEgress.join(',') },
      callsOut: true,
      deployment,
    });
    this.function = deliver;
    // It talks to whomever apps name: of the records it reaches what it needs, so no token, no value, no run.
    records.allow(deliver.role, {
      table: ['GetItem', 'PutItem', 'Query', 'UpdateItem'],
      indexes: ['gsi2'],
      keys: KEYS,
    });
    // That a webhook was disabled by what came of its deliveries.
    records.allow(deliver.role, { table: ['PutItem'], keys: ['AUDIT#*'] });
    secretsKey.allowOpen(deliver.role);
    deliver.keepFailures(this.deadLetters);
    new Rule(this, 'OnOwnEvents', {
      description: 'Pipecall: what becomes of runs and approvals, for the webhooks of their apps',
      eventBus: bus.bus,
      eventPattern: {
        source: [OWN_SOURCE],
        // Three for every run, each an invocation: only those of apps that have one.
        detail: { [WEBHOOKS_KEY]: Match.exists() },
      },
      targets: [
        // The most that there is, as for the pipelines that events start.
        new FunctionTarget(deliver.alias, {
          deadLetterQueue: this.deadLetters,
          retryAttempts: 185,
          maxEventAge: Duration.hours(24),
        }),
      ],
    });
    new Rule(this, 'EveryMinute', {
      description: 'Pipecall: deliveries to webhooks that are due are sent',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new FunctionTarget(deliver.alias, { deadLetterQueue: this.deadLetters })],
    });
  }
}
