import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

export type StandInKms = {
  readonly url: string;
  /** Names of the operations that were called, in order. */
  readonly calls: readonly string[];
  close(): Promise<void>;
};

type Request = {
  readonly KeyId: string;
  readonly CiphertextBlob?: string;
  readonly KeySpec?: string;
  readonly EncryptionContext?: Readonly<Record<string, string>>;
};

type Answer = Readonly<Record<string, string>>;

/** Two operations of AWS KMS on a free loopback port, over its JSON 1.1 protocol. Signatures are not looked at. */
export async function startKms(keyId: string): Promise<StandInKms> {
  const key = randomBytes(32);
  const calls: string[] = [];
  const operations: Readonly<Record<string, (request: Request) => Answer>> = {
    GenerateDataKey({ KeySpec, EncryptionContext }) {
      if (KeySpec !== 'AES_256') return { __type: 'ValidationException', message: `no key of ${KeySpec}` };
      const dataKey = randomBytes(32);
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bytesOf(EncryptionContext));
      const blob = Buffer.concat([nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
      return { KeyId: keyId, Plaintext: dataKey.toString('base64'), CiphertextBlob: blob.toString('base64') };
    },
    Decrypt({ CiphertextBlob = '', EncryptionContext }) {
      const blob = Buffer.from(CiphertextBlob, 'base64');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(0, 12), { authTagLength: 16 });
        decipher.setAAD(bytesOf(EncryptionContext)).setAuthTag(blob.subarray(-16));
        const opened = Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()]);
        return { KeyId: keyId, Plaintext: opened.toString('base64') };
      } catch {
        // As KMS answers to another context, and to what it never sealed: without a reason.
        return { __type: 'InvalidCiphertextException' };
      }
    },
  };
  const server = createServer((request, response) => {
    const name = String(request.headers['x-amz-target']).replace('TrentService.', '');
    void json(request).then(body => {
      calls.push(name);
      const asked = body as Request; // as: what the SDK sends
      const operation = operations[name];
      const answer =
        operation === undefined
          ? { __type: 'UnknownOperationException' }
          : asked.KeyId === keyId
            ? operation(asked)
            : { __type: 'NotFoundException', message: `Key '${asked.KeyId}' does not exist` };
      response.writeHead('__type' in answer ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stand-in for KMS has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const bytesOf = (context: Request['EncryptionContext']): Buffer =>
  Buffer.from(JSON.stringify(Object.entries(context ?? {}).toSorted()));
