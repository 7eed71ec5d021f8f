import { readFile } from 'node:fs/promises';
import { whyUnreadable } from '../why-unreadable.ts';
import { type Client, isMap } from './client.ts';
import { type GivenInput, type ReadInputs, readInputs } from './inputs.ts';
import type { RunOptions } from './options.ts';
import { pipelinePath } from './place.ts';
import { refusalOf } from './refusal.ts';
import type { Streams } from './streams.ts';

/** The inputs of the file, of the options and of the variables, in the types that the pipeline declares. */
export async function gatherInputs(options: RunOptions, client: Client, streams: Streams): Promise<ReadInputs> {
  const fromStdin = options.secretNames.filter(name => streams.environment[variableOf(name)] === undefined);
  if (options.inputsFile === '-' && fromStdin.length > 0) {
    const variables = fromStdin.map(variableOf).join(', ');
    return { problems: [`stdin holds the inputs already, so put the secrets into ${variables}`] };
  }
  const file = options.inputsFile === undefined ? [] : await readInputsFile(options.inputsFile, streams);
  if ('problems' in file) return file;
  const typed = await readSecrets(fromStdin, streams);
  if ('problems' in typed) return typed;
  const secrets = options.secretNames.map(name => {
    const text = streams.environment[variableOf(name)] ?? typed.texts.get(name) ?? '';
    return { name, text, isSecret: true };
  });
  const given: readonly GivenInput[] = [...file, ...options.inputs, ...secrets];
  if (!given.some(input => 'text' in input)) return readInputs(given, undefined);
  const schema = await readSchema(options, client, streams);
  return 'problems' in schema ? schema : readInputs(given, schema.schema);
}

/** `PIPECALL_INPUT_API_KEY` for `api-key`. */
export const variableOf = (name: string): string =>
  `PIPECALL_INPUT_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;

const AN_OBJECT = 'it must hold an object of inputs, like {"name": "ada"}';

type Problems = { readonly problems: readonly string[] };

async function readInputsFile(file: string, { stdin }: Streams): Promise<readonly GivenInput[] | Problems> {
  const name = file === '-' ? 'stdin' : file;
  let content: unknown;
  try {
    content = JSON.parse(file === '-' ? await readAll(stdin) : await readFile(file, 'utf8'));
  } catch (error) {
    // The message of the parser quotes what it read, where a secret may stand.
    const why = error instanceof SyntaxError ? `is not JSON; ${AN_OBJECT}` : `cannot be read: ${whyUnreadable(error)}`;
    return { problems: [`--inputs: ${name} ${why}`] };
  }
  if (!isMap(content)) return { problems: [`--inputs: ${name} is no JSON object; ${AN_OBJECT}`] };
  return Object.entries(content).map(([input, json]) => ({ name: input, json }));
}

async function readSecrets(
  names: readonly string[],
  { stdin, askHidden }: Streams,
): Promise<{ readonly texts: ReadonlyMap<string, string> } | Problems> {
  const texts = new Map<string, string>();
  const [first] = names;
  if (first === undefined) return { texts };
  if (askHidden !== undefined) {
    for (const name of names) texts.set(name, await askHidden(`${name}: `));
    return { texts };
  }
  const all = (await readAll(stdin)).replace(/\r?\n$/, '');
  const lines = names.length === 1 ? [all] : all.split(/\r?\n/);
  const isShort = all === '' || lines.length !== names.length;
  if (isShort) {
    const many = names.length === 1 ? `the secret ${first}` : `${names.length} secrets, one on each line`;
    return { problems: [`stdin must hold ${many}; or set ${names.map(variableOf).join(', ')}`] };
  }
  names.forEach((name, index) => {
    texts.set(name, lines[index] ?? '');
  });
  return { texts };
}

async function readAll(stdin: Streams['stdin']): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdin) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Who may start a run but not read its pipeline sends texts as texts. */
async function readSchema(
  options: RunOptions,
  client: Client,
  { tell, interrupt }: Streams,
): Promise<{ readonly schema: unknown } | Problems> {
  const { place, version, server } = options;
  const search = version === undefined ? '' : `?${new URLSearchParams({ version })}`;
  const answer = await client(`${pipelinePath(place)}/inputs-schema${search}`, { signal: interrupt });
  if (answer.status === 200) return { schema: answer.body };
  if (answer.status === 403) {
    tell('You may not read what the pipeline declares, so NAME=VALUE is sent as text; write NAME:=JSON for the rest.');
    return { schema: undefined };
  }
  return { problems: [refusalOf(answer, wantedOf(options), server.url)] };
}

export const wantedOf = ({ place: { org, app, pipeline }, version }: RunOptions): string =>
  `${version === undefined ? '' : `version ${version} of a `}pipeline ${org}/${app}/${pipeline}`;
