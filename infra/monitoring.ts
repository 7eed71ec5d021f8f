import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Rule } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type AlarmRow, alarmsOf } from './alarms.ts';
import { widgetsOf } from './dashboard.ts';
import type { Monitored } from './monitored.ts';

export type MonitoringProps = Omit<Monitored, 'rules'> & {
  /** Told of every alarm, and of its end. Absent: alarms are seen by who looks. */
  readonly alarmsTopic?: ITopic;
  /** Where the runbooks are: the address of docs/operations.md as the team reads it. */
  readonly runbooks?: string;
};

/** Readable in a checkout, whatever the address of the repository is. */
export const RUNBOOKS = 'docs/operations.md';

/** Alarms with their runbooks, and the dashboard. Last of a deployment: it looks at every rule that there is by then. */
export class Monitoring extends Construct {
  readonly alarms: readonly Alarm[];
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const rules = scope.node.findAll().filter(one => one instanceof Rule);
    const monitored: Monitored = { ...props, rules };
    this.alarms = alarmsOf(monitored).map(row => this.#alarm(row, props));
    this.dashboard = new Dashboard(this, 'Dashboard', {
      // The dashboards of an account are in no region.
      dashboardName: `${props.name}-${Stack.of(this).region}`,
      widgets: widgetsOf(monitored, this.alarms).map(row => [...row]),
    });
  }

  #alarm(row: AlarmRow, { name, alarmsTopic, runbooks = RUNBOOKS }: MonitoringProps): Alarm {
    const { bad, of } = row.periods ?? { bad: 1, of: 1 };
    const alarm = new Alarm(this, idOf(row.name), {
      alarmName: `${name}-${row.name}`,
      alarmDescription: `${row.means} Runbook: ${runbooks}#alarm-${row.runbook}`,
      metric: row.metric,
      threshold: row.threshold,
      comparisonOperator: row.below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: of,
      datapointsToAlarm: bad,
      treatMissingData: row.missing,
    });
    if (alarmsTopic !== undefined) {
      const action = new SnsAction(alarmsTopic);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
    return alarm;
  }
}

/** `dead-letters-events` -> `DeadLettersEvents` */
const idOf = (name: string): string => name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
