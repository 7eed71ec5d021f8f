import { attempt } from './attempt.ts';
import type { ActionConnection, Caller, Reply } from './connection.ts';
import { functionArn } from './targets.ts';

export type Invocation = { readonly target: string; readonly wait: boolean; readonly payload: string };
export type Invoked = { readonly statusCode: number; readonly payload: string; readonly error?: string };

export function createLambdaCalls({ home, refusalOf, config }: ActionConnection) {
  return {
    async invokeLambda(caller: Caller, { target, wait, payload }: Invocation): Promise<Reply<Invoked>> {
      const arn = functionArn(home, target);
      const refusal = refusalOf(arn);
      if (refusal !== undefined) return refusal;
      const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
      const settings = config(caller, arn);
      // A function runs up to 15 minutes, and a second invocation is none of the SDK's business: only an answer of Lambda,
      // not a broken connection, says that it did not run.
      const requestHandler = { ...settings.requestHandler, requestTimeout: 900_000 };
      const client = new LambdaClient({ ...settings, requestHandler, maxAttempts: 1 });
      return attempt('Lambda', async () => {
        const answer = await client.send(
          new InvokeCommand({
            FunctionName: arn,
            InvocationType: wait ? 'RequestResponse' : 'Event',
            Payload: Buffer.from(payload),
            // The function can tell a repeated step by it.
            ClientContext: Buffer.from(JSON.stringify({ custom: { step_id: caller.stepId } })).toString('base64'),
          }),
          { abortSignal: caller.signal },
        );
        const text = Buffer.from(answer.Payload ?? []).toString('utf8');
        const error = answer.FunctionError;
        const value = { statusCode: answer.StatusCode ?? 0, payload: text, ...(error === undefined ? {} : { error }) };
        return { ok: true, value };
      });
    },
  };
}
