import { type Action, failed, type Json, MAX_NESTING, readJson, succeeded } from './action.ts';

/** Bytes of the input as JSON text; the limit of every value that expressions make. */
const MAX_INPUT = 256 * 1024;

/** Characters. jq reads its program from the stack, so it must stay far below the stack's size. */
const MAX_FILTER = 64 * 1024;

export const jq: Action = {
  name: 'actions/humanitec/jq',
  version: 1,
  summary: 'Runs a jq filter over a value.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['filter', 'input'],
    properties: {
      filter: {
        description:
          "The jq program, as in `jq '.items | map(.name)'`. It sees no files and no environment. At most 10 s.",
        type: 'string',
        maxLength: MAX_FILTER,
      },
      input: { description: 'The value that the filter reads. At most 256 KiB as JSON.' },
      raw: {
        description: 'The result is text: strings without quotes, several outputs one a line (`jq -r`).',
        type: 'boolean',
        default: false,
      },
    },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['result'],
    properties: {
      result: {
        description:
          'One output of the filter: that value. Several: the list of them. None: null. With `raw`: all outputs as one text. At most 256 KiB.',
      },
    },
  },
  errors: {
    INPUT_TOO_LARGE: 'The input is more than 256 KiB as JSON.',
    INVALID_FILTER: 'The filter is not a valid jq program.',
    FILTER_FAILED: 'The filter ran and ended with an error, or ran out of memory.',
    TIMEOUT: 'The filter took more than 10 s.',
    ABORTED: 'The step was cancelled or its time was over.',
    RESULT_TOO_LARGE: `The result is more than 256 KiB, or nested deeper than ${MAX_NESTING} levels.`,
    WORKER_CRASHED: 'The thread that runs jq ended unexpectedly; trying again may help.',
  },
  pure: true,
  async run({ inputs, signal, clients }) {
    const raw = inputs.raw === true;
    const input = JSON.stringify(inputs.input ?? null);
    const size = Buffer.byteLength(input);
    if (size > MAX_INPUT) {
      return failed('INPUT_TOO_LARGE', `\`input\` has ${size} bytes as JSON; jq takes at most ${MAX_INPUT}.`);
    }
    const answer = await clients.jq({ filter: String(inputs.filter), input, raw, signal });
    if (!answer.ok) return failed(answer.code, answer.message);
    const text = answer.stdout.replace(/\n$/, '');
    return raw ? succeeded({ result: text }) : parsed(text);
  },
};

/** jq prints one output a line; a line break inside a string is escaped. */
function parsed(text: string) {
  const values: Json[] = [];
  for (const line of text === '' ? [] : text.split('\n')) {
    const json = readJson(line);
    if (json === undefined) {
      return failed('RESULT_TOO_LARGE', `The result is nested deeper than ${MAX_NESTING} levels; make it flatter.`);
    }
    values.push(json.value);
  }
  const [only = null] = values;
  return succeeded({ result: values.length > 1 ? values : only });
}
