import type { Page } from 'playwright-core';
import { languageSchema } from '../fixtures/web/language-schema.ts';

/** A part with props that show much of it. */
export type PartState = {
  readonly name: string;
  readonly part: string;
  readonly props: Readonly<Record<string, unknown>>;
  /** Callbacks that it is given. */
  readonly reports?: readonly string[];
  readonly ready: (page: Page) => Promise<unknown>;
};

const STATUSES = ['succeeded', 'failed', 'executing', 'pending', 'cancelled', 'skipped'] as const;

export const HOSTILE = `<img src=x onerror="document.title='owned'"> \u001b[31mred\u001b[0m \u202egnirts ${'long'.repeat(30)}`;

export const jobs = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `job-${index}`,
    name: index === 1 ? HOSTILE : `Job number ${index}`,
    needs: index === 0 ? [] : [`job-${Math.floor((index - 1) / 3)}`],
    status: STATUSES[index % STATUSES.length],
    startedAt: '2026-01-01T00:00:00Z',
    ...(index % 6 === 2 ? {} : { completedAt: '2026-01-01T00:01:00Z' }),
    ...(index === 8 ? { waitingFor: 'approval(production)' } : {}),
  }));

const LEVELS = ['info', 'debug', 'info', 'warning', 'info', 'error'] as const;

export const lines = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({
    at: '2026-01-01T00:00:00.123Z',
    level: LEVELS[(index + from) % LEVELS.length],
    message: index + from === 3 ? HOSTILE : `line ${index + from}: \u001b[32mok\u001b[0m all is well`,
  }));

export const DEFINITION = `name: Release
on:
  pipeline_call:
    inputs:
      service: {type: string}
jobs:
  build:
    # What is built is deployed.
    steps:
      - uses: actions/humanitec/log@v1
        with:
          message: \${{ inputs.service }}
`;

export const INPUTS = {
  type: 'object',
  properties: {
    service: { type: 'string', description: 'The service to release, in lower case.', minLength: 2, maxLength: 40 },
    replicas: { type: 'integer', default: 2, minimum: 1, maximum: 20 },
    canary: { type: 'boolean', default: false },
    region: { enum: ['eu-west-1', 'us-east-1'], description: HOSTILE },
    labels: { type: 'object' },
    regions: { type: 'array', items: { type: 'string' }, default: ['eu-west-1'] },
    note: { description: 'Any value at all.' },
    notice: { type: 'string', default: 'two\nlines' },
    key: { type: 'string', writeOnly: true, description: 'A key that nobody may see.' },
    owner: {
      type: 'object',
      description: 'Who answers for it.',
      properties: { name: { type: 'string' }, floor: { type: 'integer' } },
      required: ['name'],
    },
  },
  required: ['service'],
  additionalProperties: false,
};

export const PROBLEM = {
  line: 4,
  column: 5,
  code: 'UNKNOWN_KEY',
  message: 'the key `inputz` does not exist',
  hint: 'did you mean `inputs`?',
};

const text = (words: string) => (page: Page) => page.getByText(words).first().waitFor();

export const PART_STATES: readonly PartState[] = [
  {
    name: 'inert text',
    part: 'inert-text',
    props: { text: `${HOSTILE}\u001b[7;33mfilled\u001b[0m \u001b[90mgrey \u001b[36mcyan \u001b[35mmagenta` },
    ready: text('filled'),
  },
  { name: 'the graph', part: 'run-graph', props: { jobs: jobs(20), selected: 'job-0' }, ready: text('Job number 0') },
  {
    name: 'the log',
    part: 'log-view',
    props: {
      label: 'Log',
      fileName: 'log.txt',
      live: true,
      sections: [{ id: '0', title: 'Build', status: 'executing', lines: lines(300) }],
    },
    ready: text('all is well'),
  },
  {
    name: 'the editor',
    part: 'yaml-editor',
    props: { value: DEFINITION, label: 'Definition', schema: languageSchema, problems: [PROBLEM] },
    reports: ['onChange'],
    ready: text('Release'),
  },
  {
    name: 'the diff',
    part: 'yaml-diff',
    props: {
      before: { name: 'Version 1', text: DEFINITION },
      after: { name: 'Version 2', text: DEFINITION.replace('Release', 'Deploy').replace('build', 'make') },
    },
    ready: text('Deploy'),
  },
  {
    name: 'the form',
    part: 'inputs-form',
    props: { id: 'run', schema: INPUTS },
    ready: text('The service to release'),
  },
];
