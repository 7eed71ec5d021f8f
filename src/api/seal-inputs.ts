import type { JsonObject } from '../json.ts';
import type { PipelineCall } from '../language/pipeline.ts';
import type { Seals } from '../ports/vault.ts';
import { MASK } from '../run/redact/stand-in.ts';
import type { AppPath } from '../store/keys.ts';

/** What is kept of the inputs of a run: a mask stands where a secret was, and the secret lies sealed beside them. */
export type SealedInputs = { readonly inputs: JsonObject; readonly sealedInputs?: Readonly<Record<string, string>> };

/** Names of the inputs that hold a secret. */
export const secretInputs = (call: PipelineCall, inputs: JsonObject): readonly string[] =>
  Object.keys(inputs).filter(name => call.inputs[name]?.secret === true);

/** `sealed`: names of secrets that are not among the inputs, because they were sealed before. */
export function maskInputs(call: PipelineCall, inputs: JsonObject, sealed: readonly string[] = []): JsonObject {
  const masks = Object.fromEntries([...secretInputs(call, inputs), ...sealed].map(name => [name, MASK]));
  return { ...inputs, ...masks };
}

/** `sealed`: those that were sealed before, for a run that is started again. */
export async function sealInputs(
  vault: Seals,
  { org, app }: AppPath,
  call: PipelineCall,
  inputs: JsonObject,
  sealed: Readonly<Record<string, string>> = {},
): Promise<SealedInputs> {
  const names = secretInputs(call, inputs);
  const entries = await Promise.all(
    names.map(async (name): Promise<[string, string]> => {
      const value = inputs[name];
      return [name, await vault.seal({ org, app }, typeof value === 'string' ? value : JSON.stringify(value))];
    }),
  );
  const all = { ...sealed, ...Object.fromEntries(entries) };
  const masked = maskInputs(call, inputs, Object.keys(sealed));
  return Object.keys(all).length === 0 ? { inputs: masked } : { inputs: masked, sealedInputs: all };
}
