import type { Inputs } from './request-body.ts';

export type StartRequest = {
  /** Whole: `https://pipecall.example.com/orgs/…/runs`. */
  readonly url: string;
  readonly inputs: Inputs;
  /** Names of inputs whose values never appear. */
  readonly secrets: readonly string[];
};

/** A line for a POSIX shell that does what the form does. The token and the secrets are variables of that shell. */
export function curlOf({ url, inputs, secrets }: StartRequest): string {
  const body = bodyText(inputs, secrets);
  return [
    `curl --fail-with-body -X POST ${shellWord(url)}`,
    '  -H "Authorization: Bearer $PIPECALL_TOKEN"',
    "  -H 'Content-Type: application/json'",
    `  -d ${shellWord(body)}`,
  ].join(' \\\n');
}

/** The body with a placeholder for each secret: whoever runs the line puts the value there. */
function bodyText(inputs: Inputs, secrets: readonly string[]): string {
  const shown = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, secrets.includes(name) ? `<the secret ${name}>` : value]),
  );
  return visible(JSON.stringify({ inputs: shown }));
}

/** Characters that cannot be seen are written as JSON escapes: what is copied is what was read. */
export function visible(json: string): string {
  return json.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, character =>
    [...Array(character.length).keys()]
      .map(index => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** One word, whatever it holds: inside of single quotes a shell reads nothing but their end. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
