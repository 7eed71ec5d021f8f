import { attempt } from './attempt.ts';
import { type ActionConnection, type Caller, type Reply, refused } from './connection.ts';
import { stepToken } from './step-token.ts';
import { named, queueArn, readArn } from './targets.ts';

export type MessageAsked = {
  readonly body: string;
  readonly groupId?: string;
  readonly attributes: Readonly<Record<string, string>>;
};

export type EventAsked = {
  readonly bus: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: string;
  readonly resources: readonly string[];
};

type Id = { readonly id: string };

/** Error codes of a single event that pass. */
const PASSING = /Throttling|InternalFailure|InternalException|LimitExceeded/;

/** What is sent and not waited for: EventBridge, SQS and SNS. */
export function createMessageCalls({ home, refusalOf, config }: ActionConnection) {
  return {
    async putEvent(caller: Caller, { bus, source, detailType, detail, resources }: EventAsked): Promise<Reply<Id>> {
      const arn = named(home, 'events', 'event-bus', bus);
      const refusal = refusalOf(arn);
      if (refusal !== undefined) return refusal;
      const { EventBridgeClient, PutEventsCommand } = await import('@aws-sdk/client-eventbridge');
      const client = new EventBridgeClient(config(caller, arn));
      return attempt('EventBridge', async () => {
        const entry = {
          EventBusName: arn,
          Source: source,
          DetailType: detailType,
          Detail: detail,
          Resources: [...resources],
        };
        const { Entries: entries = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }), {
          abortSignal: caller.signal,
        });
        const { EventId: id, ErrorCode: code = 'no id', ErrorMessage: why = '' } = entries[0] ?? {};
        if (id !== undefined) return { ok: true, value: { id } };
        const passing = PASSING.test(code);
        return refused(passing ? 'AWS_ERROR' : 'INVALID_REQUEST', `EventBridge: ${code}: ${why}`, passing);
      });
    },
    async sendMessage(
      caller: Caller,
      asked: MessageAsked & { readonly queue: string; readonly delaySeconds?: number },
    ): Promise<Reply<Id>> {
      const arn = queueArn(home, asked.queue);
      const target = readArn(arn ?? '');
      if (arn === undefined || target === undefined) {
        return refused('INVALID_REQUEST', `'${asked.queue}' is neither the URL, the ARN nor the name of a queue.`);
      }
      const refusal = refusalOf(arn);
      if (refusal !== undefined) return refusal;
      const { SendMessageCommand, SQSClient } = await import('@aws-sdk/client-sqs');
      // The SDK would send to the host of the URL, credentials and all, whoever that is.
      const client = new SQSClient({ ...config(caller, arn), useQueueUrlAsEndpoint: false });
      const { region, account, resource, partition } = target;
      const suffix = partition === 'aws-cn' ? '.cn' : '';
      return attempt('SQS', async () => {
        const answer = await client.send(
          new SendMessageCommand({
            QueueUrl: `https://sqs.${region}.amazonaws.com${suffix}/${account}/${resource}`,
            MessageBody: asked.body,
            MessageAttributes: attributesOf(asked.attributes),
            ...(asked.delaySeconds === undefined ? {} : { DelaySeconds: asked.delaySeconds }),
            ...groupOf(caller, asked),
          }),
          { abortSignal: caller.signal },
        );
        return { ok: true, value: { id: answer.MessageId ?? '' } };
      });
    },
    async publish(
      caller: Caller,
      asked: MessageAsked & { readonly topic: string; readonly subject?: string },
    ): Promise<Reply<Id>> {
      if (readArn(asked.topic)?.service !== 'sns') {
        return refused('INVALID_REQUEST', `'${asked.topic}' is not the ARN of a topic.`);
      }
      const refusal = refusalOf(asked.topic);
      if (refusal !== undefined) return refusal;
      const { PublishCommand, SNSClient } = await import('@aws-sdk/client-sns');
      const client = new SNSClient(config(caller, asked.topic));
      return attempt('SNS', async () => {
        const answer = await client.send(
          new PublishCommand({
            TopicArn: asked.topic,
            Message: asked.body,
            MessageAttributes: attributesOf(asked.attributes),
            ...(asked.subject === undefined ? {} : { Subject: asked.subject }),
            ...groupOf(caller, asked),
          }),
          { abortSignal: caller.signal },
        );
        return { ok: true, value: { id: answer.MessageId ?? '' } };
      });
    },
  };
}

/** FIFO: what a repeated attempt sends within five minutes is the same message. */
const groupOf = ({ stepId }: Caller, { groupId }: MessageAsked) =>
  groupId === undefined ? {} : { MessageGroupId: groupId, MessageDeduplicationId: stepToken(stepId) };

const attributesOf = (attributes: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
