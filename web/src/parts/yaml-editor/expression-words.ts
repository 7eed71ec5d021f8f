/** Functions of expressions. `status`: only where an `if` asks. A test holds them against the language. */
export const FUNCTIONS: readonly {
  readonly name: string;
  readonly form: string;
  readonly info: string;
  readonly status?: true;
}[] = [
  { name: 'contains', form: '(search, item)', info: 'Whether a text or a list holds the item.' },
  { name: 'startsWith', form: '(text, beginning)', info: 'Whether the text begins like this.' },
  { name: 'endsWith', form: '(text, end)', info: 'Whether the text ends like this.' },
  { name: 'format', form: "('{0} …', value, …)", info: 'The text with {0}, {1}, … replaced by the values.' },
  { name: 'join', form: '(list, separator)', info: 'The items of the list as one text.' },
  { name: 'toJSON', form: '(value)', info: 'The value as JSON text.' },
  { name: 'fromJSON', form: '(text)', info: 'The value that a JSON text stands for.' },
  { name: 'case', form: '(condition, value, …, otherwise)', info: 'The value of the first condition that holds.' },
  { name: 'base64', form: '(text)', info: 'The text in Base64.' },
  { name: 'sha256', form: '(text)', info: 'The SHA-256 hash of the text, in hexadecimal digits.' },
  { name: 'now', form: '()', info: 'The time at which the step began.' },
  { name: 'uuid', form: '()', info: 'A UUID that stays the same for this step.' },
  { name: 'success', form: '()', info: 'Everything before succeeded.', status: true },
  { name: 'failure', form: '()', info: 'Something before failed.', status: true },
  { name: 'cancelled', form: '()', info: 'The run was cancelled.', status: true },
  { name: 'always', form: '()', info: 'In every case.', status: true },
];

/** A name of a context, what it is, and what it holds. */
export type Name = { readonly info?: string; readonly names?: Names };

export type Names = { readonly [name: string]: Name };

export const PIPELINE: Names = {
  id: { info: 'Id of the pipeline.' },
  name: { info: 'Name of the pipeline.' },
  version: { info: 'Id of the version that the run follows.' },
  org: { names: { id: { info: 'Id of the org.' } } },
  app: { names: { id: { info: 'Id of the app.' } } },
  run: {
    names: {
      id: { info: 'Id of the run.' },
      run_as: { info: 'Id of the subject whose rights the run has.' },
      created_by: { info: 'Id of the subject that started the run.' },
      trigger: { info: 'What started the run.' },
      url: { info: 'Address of the run.' },
    },
  },
};

export const EVENT: Names = {
  id: { info: 'Id of the event.' },
  source: { info: 'Where it comes from.' },
  'detail-type': { info: 'What kind of event it is.' },
  time: { info: 'When it happened.' },
  detail: { info: 'What is in it.' },
};

/** Inputs of a run that a deployment request starts. */
export const DEPLOYMENT_INPUTS = [
  'env_id',
  'set_id',
  'delta_id',
  'deployment_id',
  'value_set_version_id',
  'comment',
  'mode',
];
