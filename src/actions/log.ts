import { type Action, type Json, type LogLevel, succeeded } from './action.ts';

/** Bytes of one log line in UTF-8, the mark of a cut included. */
const MAX_LINE = 32 * 1024;

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warning', 'error'];

export const log: Action = {
  name: 'actions/humanitec/log',
  version: 1,
  summary: 'Writes one line to the log of the step.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['message'],
    properties: {
      message: { description: 'What to write. Text is written as it is, anything else as JSON. At most 32 KiB.' },
      level: { description: 'How loud the line is.', enum: LEVELS, default: 'info' },
    },
  },
  outputs: { type: 'object', additionalProperties: false, properties: {} },
  errors: {},
  pure: true,
  run({ inputs, log }) {
    const message = inputs.message ?? null;
    const level = LEVELS.find(known => known === inputs.level) ?? 'info';
    log(level, cut(printed(message)));
    return Promise.resolve(succeeded());
  },
};

function printed(message: Json): string {
  return typeof message === 'string' ? message : JSON.stringify(message);
}

function cut(line: string): string {
  const bytes = Buffer.from(line);
  if (bytes.length <= MAX_LINE) return line;
  const mark = (hidden: number) => ` … [cut: ${hidden} of ${bytes.length} bytes are not shown]`;
  let end = MAX_LINE - Buffer.byteLength(mark(bytes.length));
  // A byte 10xxxxxx continues a character: step back to where it starts, so that no half character is written.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end) + mark(bytes.length - end);
}
