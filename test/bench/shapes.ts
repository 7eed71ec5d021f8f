/** The pipelines of the benchmarks. All have one typed input and pure steps. */
export type Shape = { readonly id: string; readonly title: string; readonly text: string };

type JobText = { readonly id: string; readonly needs: readonly string[]; readonly steps: number };

function pipeline(id: string, jobs: readonly JobText[]): string {
  const lines = [
    `id: ${id}`,
    `name: Benchmark ${id}`,
    'on:',
    '  pipeline_call:',
    '    inputs:',
    '      name: { type: string, required: true, maxLength: 40 }',
    'jobs:',
  ];
  for (const job of jobs) {
    lines.push(`  ${job.id}:`);
    if (job.needs.length > 0) lines.push(`    needs: [${job.needs.join(', ')}]`);
    lines.push('    steps:');
    for (let step = 0; step < job.steps; step += 1) {
      lines.push(
        '      - uses: actions/humanitec/log@v1',
        `        with: { message: "${job.id} step ${step} for \${{ inputs.name }}" }`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

const chain = (jobs: number, steps: number): JobText[] =>
  Array.from({ length: jobs }, (_, index) => ({
    id: `job-${index}`,
    needs: index === 0 ? [] : [`job-${index - 1}`],
    steps,
  }));

const fan = (jobs: number, steps: number): JobText[] => [
  ...Array.from({ length: jobs }, (_, index) => ({ id: `job-${index}`, needs: [], steps })),
  { id: 'join', needs: Array.from({ length: jobs }, (_, index) => `job-${index}`), steps: 1 },
];

/** Rows of the table of billed units, with their limits. */
export const UNIT_SHAPES: readonly (Shape & { readonly limits: Units; readonly approval?: true })[] = [
  {
    id: 'one-by-one',
    title: '1 job × 1 step',
    text: pipeline('one-by-one', chain(1, 1)),
    limits: { transitions: 3, invocations: 2, writeUnits: 8, readUnits: 6, events: 3 },
  },
  {
    id: 'three-by-three',
    title: '3 jobs chain × 3 steps',
    text: pipeline('three-by-three', chain(3, 3)),
    limits: { transitions: 3, invocations: 2, writeUnits: 14, readUnits: 6, events: 3 },
  },
  {
    id: 'twenty-by-five',
    title: '20 parallel jobs × 5 steps, then 1 join',
    text: pipeline('twenty-by-five', fan(20, 5)),
    limits: { transitions: 3, invocations: 2, writeUnits: 60, readUnits: 8, events: 3 },
  },
  {
    id: 'approval',
    title: '1 approval',
    text: `${pipeline('approval', [])}  ask:
    steps:
      - { uses: actions/humanitec/approve@v1, with: { env_id: development, message: "Go on, \${{ inputs.name }}?" } }
`,
    limits: { transitions: 6, invocations: 5, writeUnits: 20, readUnits: 16, events: 5 },
    approval: true,
  },
];

export type Units = {
  readonly transitions: number;
  readonly invocations: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  /** Put on the bus. */
  readonly events: number;
};

export const LOAD_SHAPES: readonly (Shape & { readonly jobs: number })[] = [
  { id: 'load-a', title: '(a) 1 job × 1 step', text: pipeline('load-a', chain(1, 1)), jobs: 1 },
  { id: 'load-b', title: '(b) 3-job chain', text: pipeline('load-b', chain(3, 1)), jobs: 3 },
  { id: 'load-c', title: '(c) 20 parallel jobs, then a join', text: pipeline('load-c', fan(20, 1)), jobs: 21 },
];
