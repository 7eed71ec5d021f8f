import { type ActionDescription, actionKey } from '../../src/actions/action.ts';
import type { Json, JsonObject } from '../../src/json.ts';

const BEGINNING = `# Actions

<!-- Made from the registry of actions by \`npm run docs\`: mend the descriptions there, not here. -->

What can stand behind \`uses\` in a step, and what its \`with\` takes. How steps are written is in [language.md](language.md).

- Inputs are checked at the upload where they are open to see, and when the step begins where an expression decides.
- A step that fails says why with one of the codes of its action: its message begins with it, and \`retry.on\` names them. A step of any action can
  also fail with \`INVALID_INPUTS\`, \`TIMEOUT\` (its \`timeout-minutes\`) and \`INTERNAL_ERROR\` (a fault of the platform; its log has the details).
- An action that is **pure** changes nothing outside of the run. What any other action does may happen twice when a worker dies in the middle of it; where
  its provider lets it, the action prevents that.
- What works on environments (\`create-delta\`, \`apply\`, \`deploy\`, \`clone\`, \`wait-for-readiness\`, \`create-environment\`, \`delete-environment\`) asks the Platform
  Orchestrator that an administrator of the org has named (\`PUT /orgs/{org}/settings/orchestrator\`), for the org and the app of the run by their ids. It needs
  the rights of whom the run acts as: developer of the app and deployer of the type of the environment, of the type here and of the one there.
- Private and local addresses are refused, however they are spelt, in redirects too, unless the deployment allows them (\`PIPECALL_ALLOW_EGRESS\`).
`;

/** The reference of actions. `exampleOf`: a definition that uses the action of this name; undefined: there is none. */
export function actionsPage(
  actions: Iterable<ActionDescription>,
  exampleOf: (action: ActionDescription) => string | undefined,
): string {
  const all = [...actions].sort((a, b) => (actionKey(a) < actionKey(b) ? -1 : 1));
  const rows = all.map(action => [`[\`${actionKey(action)}\`](#${anchor(action)})`, action.summary]);
  const sections = all.map(action => sectionOf(action, exampleOf(action)));
  return [BEGINNING, table(['action', 'does'], rows), ...sections].join('\n');
}

function sectionOf(action: ActionDescription, example: string | undefined): string {
  const inputs = fields(action.inputs).map(({ name, schema, required }) => {
    const otherwise = schema.default === undefined ? '' : code(schema.default);
    return [`\`${name}\``, typeOf(schema), required ? 'required' : otherwise, text(schema.description)];
  });
  const outputs = fields(action.outputs).map(({ name, schema }) => [
    `\`${name}\``,
    typeOf(schema),
    text(schema.description),
  ]);
  const errors = Object.entries(action.errors).map(([name, reason]) => [`\`${name}\``, reason]);
  return [
    `## \`${actionKey(action)}\`\n`,
    `${action.summary}${action.pure ? ' Pure.' : ''}\n`,
    inputs.length === 0 ? 'It has no inputs.\n' : table(['input', 'type', 'default', 'meaning'], inputs),
    outputs.length === 0 ? 'It has no outputs.\n' : table(['output', 'type', 'meaning'], outputs),
    errors.length === 0 ? 'It has no errors of its own.\n' : table(['error', 'meaning'], errors),
    ...(example === undefined ? [] : [`\`\`\`yaml\n${example.trimEnd()}\n\`\`\`\n`]),
  ].join('\n');
}

type Field = { readonly name: string; readonly schema: JsonObject; readonly required: boolean };

function fields(schema: JsonObject): readonly Field[] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const properties = isMap(schema.properties) ? Object.entries(schema.properties) : [];
  return properties.map(([name, property]) => {
    return { name, schema: isMap(property) ? property : {}, required: required.includes(name) };
  });
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  object: 'map',
  array: 'list',
  boolean: 'true or false',
  integer: 'whole number',
};

/** `text or whole number, 1 to 255 characters`. */
function typeOf(schema: JsonObject): string {
  if (Array.isArray(schema.enum)) return schema.enum.map(code).join(', ');
  const types = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? ['anything'] : [schema.type];
  const names = types.map(type => NAMES[String(type)] ?? String(type)).join(' or ');
  const entry = schema.items ?? schema.additionalProperties;
  const of = isMap(entry) ? ` of ${typeOf(entry)}` : '';
  return [`${names}${of}`, ...limits(schema)].join(', ');
}

function limits(schema: JsonObject): readonly string[] {
  const { minimum, exclusiveMinimum, maximum, minLength, maxLength, minItems, pattern, format } = schema;
  return [
    ...(minimum === undefined ? [] : [`at least ${number(minimum)}`]),
    ...(exclusiveMinimum === undefined ? [] : [`above ${number(exclusiveMinimum)}`]),
    ...(maximum === undefined ? [] : [`at most ${number(maximum)}`]),
    ...(minLength === undefined ? [] : ['not empty']),
    ...(maxLength === undefined ? [] : [`at most ${number(maxLength)} characters`]),
    ...(minItems === undefined ? [] : ['not empty']),
    ...(format === undefined ? [] : [code(format)]),
    ...(pattern === undefined ? [] : [`like ${code(pattern)}`]),
  ];
}

function number(value: Json): string {
  return Number(value).toLocaleString('en-GB');
}

function code(value: Json): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}

/** As GitHub makes it of a heading: https://docs.github.com/en/get-started/writing-on-github */
function anchor(action: ActionDescription): string {
  return actionKey(action)
    .toLowerCase()
    .replace(/[^a-z0-9 _-]/g, '');
}

function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
