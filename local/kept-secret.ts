import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deriveKeys, type Keys } from '../src/api/keys-of.ts';

/** What a deployment has as its server secret. */
export async function keptKeys(folder: string): Promise<Keys> {
  return deriveKeys(await keptSecret(join(folder, 'server-secret'), isKey, () => randomBytes(32).toString('hex')));
}

/** 32 bytes that the local vault derives its keys from. */
export async function keptVaultKey(folder: string): Promise<Uint8Array> {
  const remedy = 'put back the one that was there; if it is lost, delete this one, and set every secret value again';
  const key = await keptSecret(join(folder, 'vault-key'), isKey, () => randomBytes(32).toString('hex'), remedy);
  return Buffer.from(key, 'hex');
}

const isKey = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** A secret that the data folder keeps, readable for its owner only; the first time it is made. */
export async function keptSecret(
  file: string,
  isSecret: (text: string) => boolean,
  make: () => string,
  remedy = 'delete it, and the next start makes a new one',
): Promise<string> {
  let kept: string;
  try {
    kept = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return keepSecret(file, make());
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${file} cannot be read; ${remedy} (${reason})`, { cause: error });
  }
  if (!isSecret(kept)) throw new Error(`${file} is empty or damaged; ${remedy}`);
  return kept;
}

/** Whole or not at all: whoever dies in between leaves no half a secret under that name. */
async function keepSecret(file: string, secret: string): Promise<string> {
  const temporary = `${file}.new`;
  // A file that is there already would keep its mode.
  await rm(temporary, { force: true });
  await writeFile(temporary, `${secret}\n`, { mode: 0o600, flush: true });
  await rename(temporary, file);
  return secret;
}
