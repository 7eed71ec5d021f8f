import { expect, onTestFinished, test } from 'vitest';
import { serve } from '../../local/serve.ts';
import { ADMIN_TOKEN, temporaryFolder } from '../kit/local-server.ts';
import { pipecallClient, type RunView } from '../kit/pipecall-client.ts';
import { startAws } from '../kit/stand-in-aws.ts';

const PIPELINE = `
id: ship
name: Ship
on: { pipeline_call: {} }
jobs:
  ship:
    steps:
      - uses: actions/aws/send-message@v1
        with: { queue: jobs, message: { go: true } }
      - id: it
        uses: actions/aws/start-execution@v1
        with: { state_machine_arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:ship' }
    outputs: { shipped: '\${{ steps.it.outputs.output.shipped }}' }
outputs: { shipped: '\${{ jobs.ship.outputs.shipped }}' }
`;

test.each([false, true])('local server (--sdk: %s): a step reaches the stand-in, waits and is told', async sdk => {
  const aws = await startAws('arn:aws:iam::000000000000:role/pipecall-actions');
  onTestFinished(() => aws.close());
  const data = await temporaryFolder();
  onTestFinished(() => data.remove());
  const server = await serve({
    port: 0,
    data: data.path,
    sdk,
    allowEgress: [],
    adminToken: ADMIN_TOKEN,
    retentionDays: 90,
    awsEndpoint: aws.url,
    allowedActions: ['arn:aws:sqs:*:000000000000:jobs', 'arn:aws:states:*:000000000000:stateMachine:ship'],
  });
  onTestFinished(() => server.close());
  const parked = new Promise<string>(resolve => {
    aws.onAnswer(operation => {
      const [arn] = aws.jobs.keys();
      if (operation === 'states:DescribeExecution' && arn !== undefined) resolve(arn);
    });
  });
  const client = pipecallClient(server.url, ADMIN_TOKEN);
  expect(await client.upload(PIPELINE)).toMatchObject({ status: 201 });
  const started = await client.start('ship', {});
  expect(started.status).toBe(201);
  const { id } = started.body as RunView; // as: the line above has seen it
  const arn = await parked;
  aws.finish(arn, 'SUCCEEDED', { output: '{"shipped":7}' });
  expect(await server.home.onStatus({ detail: { executionArn: arn } })).toBe('told');
  expect(await client.untilOver('ship', id)).toMatchObject({ status: 'succeeded', outputs: { shipped: 7 } });
  expect(new Set(aws.operations())).toEqual(
    new Set(['sts:AssumeRole', 'sqs:SendMessage', 'states:StartExecution', 'states:DescribeExecution']),
  );
});
