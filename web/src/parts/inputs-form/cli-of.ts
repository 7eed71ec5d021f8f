import type { Json } from '../../api/types.ts';
import { shellWord, visible } from './curl-of.ts';
import { placeholder, type ShownInput } from './shown-inputs.ts';

export type CliStart = {
  /** Of the API: `https://pipecall.example.com`. */
  readonly server: string;
  readonly org: string;
  readonly app: string;
  readonly pipeline: string;
  /** A saved version; absent: the current one. */
  readonly version?: string | undefined;
  readonly inputs: readonly ShownInput[];
};

/** The line of the command-line tool that does what the form does; the token is a variable of that shell. */
export function cliOf({ server, org, app, pipeline, version, inputs }: CliStart): string {
  return [
    `npm run --silent pipecall -- run ${shellWord(`${org}/${app}/${pipeline}`)}`,
    `  --url ${shellWord(server)}`,
    ...(version === undefined ? [] : [`  --version ${shellWord(version)}`]),
    ...inputs.map(input =>
      input.kind === 'secret'
        ? `  --secret-input ${shellWord(input.name)}`
        : `  --input ${shellWord(input.kind === 'value' ? inputOf(input.name, input.value) : missingOf(input.name))}`,
    ),
  ].join(' \\\n');
}

/** `name=text` is text; `name:=json` is read as JSON, and there characters that cannot be seen are written as escapes. */
function inputOf(name: string, value: Json): string {
  const json = visible(JSON.stringify(value));
  const isPlain = typeof value === 'string' && json === JSON.stringify(value) && !/\p{Cc}/u.test(value);
  return isPlain ? `${name}=${value}` : `${name}:=${json}`;
}

/** Whatever is written there is read by what the pipeline declares. */
const missingOf = (name: string): string => `${name}=${placeholder(name)}`;
