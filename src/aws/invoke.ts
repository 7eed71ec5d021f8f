import { InvokeCommand, type LambdaClient, LambdaServiceException } from '@aws-sdk/client-lambda';
import type { Json } from '../json.ts';
import { INVOKE_LIMIT, type Invoke, type Invoked, type InvokeFailure, type InvokeOptions } from '../ports/invoke.ts';

export type InvokeDependencies = {
  /** With the rights of actions, not those of the worker. */
  readonly client: LambdaClient;
};

/** The `invoke` port over AWS Lambda. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function createInvoke({ client }: InvokeDependencies): Invoke {
  return {
    async invoke(target, payload, options) {
      if (target.kind === 'module') {
        return refused('TARGET_NOT_FOUND', `Module '${target.name}' is on the machine of somebody; this is AWS.`);
      }
      const text = JSON.stringify(payload);
      if (Buffer.byteLength(text) > INVOKE_LIMIT) return refused('TOO_LARGE', 'The request is larger than 256 KiB.');
      return call(client, target.arn, text, options);
    },
  };
}

async function call(client: LambdaClient, arn: string, text: string, options: InvokeOptions): Promise<Invoked> {
  const { mode, signal, timeout } = options;
  const over = AbortSignal.timeout(timeout);
  try {
    const answer = await client.send(
      new InvokeCommand({
        FunctionName: arn,
        InvocationType: mode === 'wait' ? 'RequestResponse' : 'Event',
        Payload: Buffer.from(text),
      }),
      { abortSignal: AbortSignal.any([signal, over]) },
    );
    const said = Buffer.from(answer.Payload ?? []).toString('utf8');
    if (answer.FunctionError !== undefined) return functionError(said);
    return mode === 'wait' ? readAnswer(said) : { ok: true, payload: null };
  } catch (error) {
    if (signal.aborted) return refused('ABORTED', 'The step was cut off.');
    if (over.aborted) return refused('TIMEOUT', `It took longer than ${timeout / 1_000} s.`);
    return failureOf(error);
  }
}

function readAnswer(text: string): Invoked {
  if (Buffer.byteLength(text) > INVOKE_LIMIT) return refused('TOO_LARGE', 'The answer is larger than 256 KiB.');
  try {
    return { ok: true, payload: JSON.parse(text) as Json }; // as: what JSON.parse makes
  } catch (error) {
    if (error instanceof SyntaxError) return refused('INVALID_ANSWER', 'The answer is not JSON.');
    throw error;
  }
}

/** What the function threw, as Lambda writes it: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
function functionError(text: string): Invoked {
  const read = readAnswer(text);
  const { errorType, errorMessage } = (read.ok ? read.payload : {}) as { errorType?: unknown; errorMessage?: unknown };
  const message = typeof errorMessage === 'string' ? errorMessage : 'The function failed without saying why.';
  const late = errorType === 'Sandbox.Timedout' || /Task timed out after [\d.]+ seconds/.test(message);
  return refused(late ? 'TIMEOUT' : 'TARGET_FAILED', message);
}

const BY_STATUS: Readonly<Record<number, InvokeFailure>> = {
  403: 'TARGET_FORBIDDEN',
  404: 'TARGET_NOT_FOUND',
  413: 'TOO_LARGE',
  429: 'THROTTLED',
};

function failureOf(error: unknown): Invoked {
  if (error instanceof LambdaServiceException) {
    const status = error.$metadata.httpStatusCode ?? 500;
    return refused(BY_STATUS[status] ?? (status >= 500 ? 'UNAVAILABLE' : 'TARGET_FAILED'), error.message);
  }
  // The network, after the client's own retries. Anything else is trouble of the platform: the role, the client, a bug.
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)) {
    return refused('UNAVAILABLE', `Lambda could not be reached (${error.code}).`);
  }
  throw error;
}

const refused = (code: InvokeFailure, message: string): Invoked => ({ ok: false, code, message });
