import { shellWord, visible } from './curl-of.ts';
import type { Inputs } from './request-body.ts';

export type CliStart = {
  /** Of the API: `https://pipecall.example.com`. */
  readonly server: string;
  readonly org: string;
  readonly app: string;
  readonly pipeline: string;
  /** A saved version; absent: the current one. */
  readonly version?: string | undefined;
  readonly inputs: Inputs;
  /** Names of inputs whose values never appear. */
  readonly secrets: readonly string[];
};

/** The line of the command-line tool that does what the form does; the token is a variable of that shell. */
export function cliOf({ server, org, app, pipeline, version, inputs, secrets }: CliStart): string {
  return [
    `npm run --silent pipecall -- run ${shellWord(`${org}/${app}/${pipeline}`)}`,
    `  --url ${shellWord(server)}`,
    ...(version === undefined ? [] : [`  --version ${shellWord(version)}`]),
    ...Object.entries(inputs).map(([name, value]) =>
      secrets.includes(name) ? `  --secret-input ${shellWord(name)}` : `  --input ${shellWord(inputOf(name, value))}`,
    ),
  ].join(' \\\n');
}

/** `name=text` is text; `name:=json` is read as JSON, and there characters that cannot be seen are written as escapes. */
function inputOf(name: string, value: Inputs[string]): string {
  const json = visible(JSON.stringify(value));
  const isPlain = typeof value === 'string' && json === JSON.stringify(value) && !/\p{Cc}/u.test(value);
  return isPlain ? `${name}=${value}` : `${name}:=${json}`;
}
