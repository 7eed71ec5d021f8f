/** What a condition may look at. `previous`: the first need of a job, the step before a step. */
export type View = {
  readonly success: boolean;
  readonly failure: boolean;
  readonly cancelled: boolean;
  /** The run is being cancelled, and this is no part of a clean-up that began already. */
  readonly cut: boolean;
  readonly previous?: { readonly status: string; readonly out: string | null };
};

export type Row = {
  /** Undefined: no `if` at all. `previous` is written for `needs.<id>` or `steps.<id>`. */
  readonly text: string | undefined;
  /** It names a status function, so nothing is implied. */
  readonly named: boolean;
  /** It names `always()` or `cancelled()`: nothing else begins after a cancellation. */
  readonly cleansUp?: true;
  readonly value: (view: View) => boolean | 'broken';
};

/** Each kind of `if` as the definition writes it, and what it means. */
export const CONDITIONS = {
  implied: { text: undefined, named: false, value: () => true },
  true: { text: 'true', named: false, value: () => true },
  false: { text: 'false', named: false, value: () => false },
  input: { text: '${{ inputs.yes }}', named: false, value: () => true },
  broken: { text: 'fromJSON(inputs.text)', named: false, value: () => 'broken' },
  success: { text: 'success()', named: true, value: view => view.success },
  always: { text: 'always()', named: true, cleansUp: true, value: () => true },
  failure: { text: 'failure()', named: true, value: view => view.failure },
  cancelled: { text: 'cancelled()', named: true, cleansUp: true, value: view => view.cancelled },
  'not cancelled': { text: '!cancelled()', named: true, cleansUp: true, value: view => !view.cancelled },
  'success or failure': { text: 'success() || failure()', named: true, value: view => view.success || view.failure },
  'always, broken': { text: 'always() && fromJSON(inputs.text)', named: true, cleansUp: true, value: () => 'broken' },
  'previous failed': {
    text: "previous.status == 'failed'",
    named: false,
    value: view => view.previous?.status === 'failed',
  },
  'always, previous failed': {
    text: "always() && previous.status == 'failed'",
    named: true,
    cleansUp: true,
    value: view => view.previous?.status === 'failed',
  },
  'previous put out': {
    text: "previous.outputs.out == 'ok'",
    named: false,
    value: view => view.previous?.out === 'ok',
  },
} as const satisfies Readonly<Record<string, Row>>;

export type ConditionName = keyof typeof CONDITIONS;

export type Judged = 'run' | 'skip' | 'fail';

/** Without a status function `success()` is implied; what cannot be evaluated fails. */
export function judge(name: ConditionName, view: View): Judged {
  const row: Row = CONDITIONS[name];
  if (view.cut && row.cleansUp !== true) return 'skip';
  if (!row.named && !view.success) return 'skip';
  const value = row.value(view);
  return value === 'broken' ? 'fail' : value ? 'run' : 'skip';
}
