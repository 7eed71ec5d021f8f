import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';

export type AssumedCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
};

/** Seconds: the least that there is, so that a right that was taken away ends soon. */
const DURATION = 900;

/**
 * The credentials of another role than that of the function; a client asks again before they expire. `session`: what
 * CloudTrail says did it, of letters that STS takes.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function assumeRole(
  client: STSClient,
  roleArn: string,
  session = 'pipecall-actions',
): () => Promise<AssumedCredentials> {
  return async () => {
    const command = new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: session,
      DurationSeconds: DURATION,
    });
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = (await client.send(command)).Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
      throw new Error(`STS answered without credentials of ${roleArn}`);
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  };
}
