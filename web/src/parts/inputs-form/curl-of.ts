import { placeholder, type ShownInput, variablesOf } from './shown-inputs.ts';

export type StartRequest = {
  /** Whole: `https://pipecall.example.com/orgs/…/runs`. */
  readonly url: string;
  readonly inputs: readonly ShownInput[];
};

/**
 * A line for a POSIX shell that does what the form does. The token is a variable of that shell, and so is each secret: jq
 * writes it into the body, which is no argument of a program then, and whatever the secret holds it is one text.
 */
export function curlOf({ url, inputs }: StartRequest): string {
  const variables = variablesOf(inputs);
  const body = shellWord(`{"inputs":{${inputs.map(input => memberOf(input, variables.get(input.name))).join(',')}}}`);
  const hasSecrets = inputs.some(input => input.kind === 'secret');
  return [
    ...(hasSecrets ? [`jq -n ${body} |\n  curl --fail-with-body -X POST ${shellWord(url)}`] : []),
    ...(hasSecrets ? [] : [`curl --fail-with-body -X POST ${shellWord(url)}`]),
    '  -H "Authorization: Bearer $PIPECALL_TOKEN"',
    "  -H 'Content-Type: application/json'",
    hasSecrets ? '  -d @-' : `  -d ${body}`,
  ].join(' \\\n');
}

/** JSON, and what jq takes besides: a variable. A placeholder for something else than a text stands without quotes. */
function memberOf(input: ShownInput, variable: string | undefined): string {
  const name = visible(JSON.stringify(input.name));
  if (input.kind === 'value') return `${name}:${visible(JSON.stringify(input.value))}`;
  if (input.kind === 'missing') {
    const text = placeholder(input.name);
    return `${name}:${input.isText ? visible(JSON.stringify(text)) : text}`;
  }
  return `${name}:${input.isText ? `env.${variable}` : `(env.${variable}|fromjson)`}`;
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
