import { LambdaClient } from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';
import { assumeRole } from '../src/aws/assume-role.ts';
import { createInvoke } from '../src/aws/invoke.ts';
import type { Invoke } from '../src/ports/invoke.ts';

/** A file of its own, so that a function can load these clients when it needs them. */
export const openInvoke = (roleArn: string): Invoke =>
  createInvoke({ client: new LambdaClient({ credentials: assumeRole(new STSClient({}), roleArn) }) });
