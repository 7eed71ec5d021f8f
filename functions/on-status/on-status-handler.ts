import type { Executions } from '../../src/ports/executions.ts';
import type { Table } from '../../src/ports/table.ts';
import { tellOfStatus } from '../../src/run/status-event.ts';

export type OnStatusHandler = (event: unknown) => Promise<'told' | 'nobody'>;

/**
 * Where the status-change events of Step Functions, ECS and CodeBuild say what they are about:
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html,
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html,
 * https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications.html
 */
const ARN_FIELDS = ['executionArn', 'taskArn', 'build-id'] as const;

export function createOnStatusHandler(table: Table, executions: Executions): OnStatusHandler {
  return async event => {
    const arn = arnOfEvent(event);
    return arn === undefined ? 'nobody' : tellOfStatus({ table, executions }, arn);
  };
}

export function arnOfEvent(event: unknown): string | undefined {
  const detail = fieldOf(event, 'detail');
  return ARN_FIELDS.map(name => fieldOf(detail, name)).find(arn => typeof arn === 'string');
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
