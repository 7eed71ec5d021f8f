import type { JsonObject } from '../json.ts';
import type { RunRecord } from '../store/runs.ts';
import { readStored } from '../store/runs.ts';
import { isSecret, listValues, type ValueRecord } from '../store/values.ts';
import type { Definition } from './definitions.ts';
import type { RunJobs } from './invocation.ts';
import { createLearningRedactor, type LearningRedactor } from './redactor.ts';

/** A secret does not open, and never will: the run cannot go on. The message is for its reader. */
export class Unreadable extends Error {
  override name = 'Unreadable';
}

/** What a run reads that others must not see, opened for one invocation and forgotten with it. */
export type RunSecrets = {
  /** Secret inputs, by name. */
  readonly inputs: JsonObject;
  /** Values of the app that everybody in the run may read. */
  readonly values: JsonObject;
  /** Those that a step reads only while the run may open secrets. */
  readonly secretValues: JsonObject;
  /** Knows all of them, whether a step may read them or not. */
  readonly redactor: LearningRedactor;
};

/** Before the first expression is evaluated: what it could use has to be known to the redactor. */
export async function openSecrets(
  { table, vault }: Pick<RunJobs, 'table' | 'vault'>,
  run: RunRecord,
  { pipeline }: Definition,
): Promise<RunSecrets> {
  const tenant = { org: run.org, app: run.app };
  const open = async (name: string, sealed: string, remedy: string): Promise<[string, string]> => {
    try {
      return [name, await vault.open(tenant, sealed)];
    } catch (cause) {
      if (!(cause instanceof Error) || cause.name !== 'CannotOpen') throw cause;
      throw new Unreadable(`The secret '${name}' cannot be opened; ${remedy}.`, { cause });
    }
  };
  const openInputs = async (): Promise<[string, string][]> => {
    if (run.sealedInputs === undefined) return [];
    const sealed = await readStored(table, run.run, 'sealed_inputs', run.sealedInputs);
    return Promise.all(
      Object.entries(sealed).map(([name, text]) => open(name, String(text), 'start a new run with it')),
    );
  };
  const openValues = async (): Promise<{ readonly plain: [string, string][]; readonly secret: [string, string][] }> => {
    const records = pipeline.readsAppValues === true ? await listValues(table, tenant) : [];
    const secret = await Promise.all(
      records.flatMap(record =>
        sealedOf(record).map(text => open(record.key, text, 'set this value of the app again')),
      ),
    );
    return { plain: records.flatMap(plainOf), secret };
  };
  const [inputs, { plain, secret }] = await Promise.all([openInputs(), openValues()]);
  return {
    inputs: Object.fromEntries(inputs),
    values: Object.fromEntries(plain),
    secretValues: Object.fromEntries(secret),
    redactor: createLearningRedactor([...inputs, ...secret].map(([, text]) => text)),
  };
}

const sealedOf = ({ content }: ValueRecord): readonly string[] => ('sealed' in content ? [content.sealed] : []);

const plainOf = (record: ValueRecord): [string, string][] =>
  isSecret(record) || !('value' in record.content) ? [] : [[record.key, record.content.value]];
