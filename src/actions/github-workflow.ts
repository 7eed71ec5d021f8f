import type { Action, ActionContext, JsonObject } from './action.ts';
import { endable } from './remote/endable.ts';
import { githubWorkflow as remote } from './remote/github.ts';
import { baseUrl, isMap } from './remote/provider.ts';
import type { EndableRun } from './remote/remote-run.ts';

const API = 'https://api.github.com';

export const githubWorkflow: Action = {
  name: 'actions/humanitec/github-workflow',
  version: 1,
  summary: 'Starts a workflow of GitHub Actions and waits until its run is over; without using compute in between.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['repo', 'workflow', 'access_token'],
    properties: {
      repo: {
        description: 'The repository, as `owner/name`.',
        type: 'string',
        pattern: '^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$',
        maxLength: 200,
      },
      ref: {
        description: 'The branch or tag whose workflow file is run, and which it is run on.',
        type: 'string',
        minLength: 1,
        maxLength: 255,
        default: 'main',
      },
      workflow: {
        description:
          'The file name of the workflow (`deploy.yml`) or its number. It needs the trigger `workflow_dispatch`.',
        type: ['string', 'integer'],
        minLength: 1,
        maxLength: 255,
      },
      access_token: {
        description:
          'A token that may write `actions` of the repository (fine-grained, of an app) or has the scope `repo` (classic).',
        type: 'string',
        minLength: 1,
        maxLength: 4096,
      },
      inputs: {
        description: 'The inputs of the workflow, by name. What is not a text is sent as JSON, as GitHub expects it.',
        type: 'object',
        default: {},
      },
      request_uid_input: {
        description:
          'An input of the workflow that is given a sign of this step. Let `run-name` or the name of a step show that input, and the run is found for certain: on a server that does not say which run it started (GitHub Enterprise Server), and after a worker died. Without it, the run is found by time and user.',
        type: 'string',
        minLength: 1,
        maxLength: 255,
      },
      api_url: {
        description: 'The base URL of the API; `https://<host>/api/v3` for GitHub Enterprise Server.',
        type: 'string',
        maxLength: 2048,
        default: API,
      },
    },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['run_id', 'conclusion', 'url'],
    properties: {
      run_id: { description: 'The number of the workflow run.', type: 'integer' },
      conclusion: {
        description: 'How it ended, in the words of GitHub: `success`, `failure`, `cancelled` or another.',
        type: 'string',
      },
      url: { description: 'Where a person can see it.', type: 'string' },
    },
  },
  errors: {
    INVALID_URL: '`api_url`, `repo` or `workflow` is malformed.',
    EGRESS_REFUSED: 'The address of `api_url` is private, local or reserved, and the deployment does not allow it.',
    AUTHENTICATION_FAILED: 'GitHub does not accept `access_token` (401).',
    PERMISSION_DENIED: '`access_token` may not do this (403).',
    NOT_FOUND: 'There is no such repository, workflow or run, or `access_token` may not see it (404).',
    INVALID_REF: 'The repository has no such branch or tag.',
    NOT_DISPATCHABLE: 'The workflow has no trigger `workflow_dispatch`, or it is disabled.',
    INPUTS_REFUSED: 'GitHub refuses the inputs: one is unknown, missing or not of its type.',
    RUN_NOT_FOUND: 'The workflow was started, but its run did not appear, or several could be it.',
    WORKFLOW_FAILED: 'The workflow run ended with a conclusion that is no success; the outputs hold it.',
    WORKFLOW_CANCELLED: 'The workflow run was cancelled by someone else.',
    WORKFLOW_TIMED_OUT: 'The workflow run took longer than GitHub lets it.',
    CONFLICT: 'GitHub refuses this in the present state of the workflow or run (409).',
    PROVIDER_ERROR:
      'GitHub could not be reached or was in trouble for about a quarter of an hour, or answered something unexpected.',
    ABORTED: 'The step was cancelled or its time was over; the workflow run is cancelled.',
  },
  pure: false,

  ...endable(remoteOf),
};

/** Either what the inputs name, or what is wrong with them. */
function remoteOf(context: ActionContext): EndableRun | string {
  const { repo, workflow, ref, access_token, inputs, request_uid_input, api_url } = context.inputs as Inputs;
  const base = baseUrl(api_url, API);
  if (base === undefined) return '`api_url` is not a URL; write one like https://github.example.com/api/v3.';
  // In a URL these names would lead elsewhere.
  const odd = [...repo.split('/'), String(workflow)].find(name => name === '.' || name === '..');
  if (odd !== undefined) return `\`${odd}\` is not the name of a repository or workflow.`;
  return remote(context, {
    base,
    token: access_token.trim(),
    repo,
    workflow: String(workflow),
    ref: ref ?? 'main',
    inputs: isMap(inputs) ? inputs : {},
    ...(request_uid_input === undefined ? {} : { uidInput: request_uid_input }),
  });
}

/** What the schema lets through. */
type Inputs = {
  readonly repo: string;
  readonly workflow: string | number;
  readonly ref?: string;
  readonly access_token: string;
  readonly inputs?: JsonObject;
  readonly request_uid_input?: string;
  readonly api_url?: string;
};
