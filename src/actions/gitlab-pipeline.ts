import type { Action, ActionContext, JsonObject } from './action.ts';
import { endable } from './remote/endable.ts';
import { gitlabPipeline as remote } from './remote/gitlab.ts';
import { baseUrl } from './remote/provider.ts';
import type { EndableRun } from './remote/remote-run.ts';

const API = 'https://gitlab.com/api/v4';

/** https://docs.gitlab.com/security/tokens/#token-prefixes */
const TRIGGER_TOKEN = /^glptt-/;

export const gitlabPipeline: Action = {
  name: 'actions/humanitec/gitlab-pipeline',
  version: 1,
  summary: 'Starts a pipeline of GitLab CI/CD and waits until it is over; without using compute in between.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['project', 'token'],
    properties: {
      project: {
        description: 'The project: its path (`group/name`) or its number.',
        type: ['string', 'integer'],
        minLength: 1,
        maxLength: 1024,
      },
      ref: {
        description: 'The branch or tag that the pipeline runs on.',
        type: 'string',
        minLength: 1,
        maxLength: 255,
        default: 'main',
      },
      token: {
        description:
          'A trigger token (`glptt-…`, or any token beside `access_token`) or an access token with the scope `api`; it starts the pipeline. A trigger token alone suffices for a public project, and then the pipeline is not cancelled with the step.',
        type: 'string',
        minLength: 1,
        maxLength: 4096,
      },
      access_token: {
        description:
          'Beside a trigger token: the token that follows the pipeline (scope `read_api`) and cancels it (`api`).',
        type: 'string',
        minLength: 1,
        maxLength: 4096,
      },
      variables: {
        description: 'Variables of the pipeline, by name. What is not a text is sent as JSON.',
        type: 'object',
        default: {},
      },
      inputs: {
        description: 'Inputs of the pipeline (`spec:inputs` of its file, GitLab 17.10 or later), by name.',
        type: 'object',
        default: {},
      },
      request_uid_variable: {
        description:
          'A variable of the pipeline that is given a sign of this step, by which the pipeline is found for certain after a worker died. Without it, it is found by time and user.',
        type: 'string',
        pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
        maxLength: 255,
      },
      api_url: {
        description: 'The base URL of the API; `https://<host>/api/v4` for an instance of your own.',
        type: 'string',
        maxLength: 2048,
        default: API,
      },
    },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['pipeline_id', 'status', 'url'],
    properties: {
      pipeline_id: { description: 'The number of the pipeline.', type: 'integer' },
      status: {
        description: 'How it ended, in the words of GitLab: `success`, `failed`, `canceled`, `skipped`.',
        type: 'string',
      },
      url: { description: 'Where a person can see it.', type: 'string' },
    },
  },
  errors: {
    INVALID_URL: '`api_url` or `project` is malformed.',
    EGRESS_REFUSED: 'The address of `api_url` is private, local or reserved, and the deployment does not allow it.',
    AUTHENTICATION_FAILED: 'GitLab does not accept the token (401).',
    PERMISSION_DENIED: 'The token may not do this (403).',
    NOT_FOUND:
      'There is no such project or pipeline, the trigger token is none of it, or the token may not see it (404).',
    INVALID_REF: 'The project has no such branch or tag.',
    PIPELINE_REFUSED:
      'GitLab does not start the pipeline: its file is invalid, its rules filter it out, or variables or inputs are refused.',
    CANNOT_FOLLOW: 'The trigger token stands alone and the project is not public; nothing was started.',
    RUN_NOT_FOUND: 'The pipeline may have been started, and several could be it.',
    PIPELINE_FAILED: 'The pipeline failed; the message names the jobs.',
    PIPELINE_CANCELLED: 'The pipeline was cancelled by someone else.',
    PIPELINE_SKIPPED: 'The pipeline was skipped: none of its jobs ran.',
    PROVIDER_ERROR:
      'GitLab could not be reached or was in trouble for about a quarter of an hour, or answered something unexpected.',
    ABORTED: 'The step was cancelled or its time was over; the pipeline is cancelled.',
  },
  pure: false,

  ...endable(remoteOf),
};

/** Either what the inputs name, or what is wrong with them. */
function remoteOf(context: ActionContext): EndableRun | string {
  const { project, ref, token, access_token, variables, inputs, request_uid_variable, api_url } =
    context.inputs as Inputs;
  const base = baseUrl(api_url, API);
  if (base === undefined) return '`api_url` is not a URL; write one like https://gitlab.example.com/api/v4.';
  // In a URL these names would lead elsewhere.
  if (['.', '..'].includes(String(project))) return `\`${project}\` is not the path of a project.`;
  const starter = token.trim();
  const triggers = access_token !== undefined || TRIGGER_TOKEN.test(starter);
  const follower = access_token?.trim() ?? (triggers ? undefined : starter);
  return remote(context, {
    base,
    project: String(project),
    ref: ref ?? 'main',
    ...(triggers ? { triggerToken: starter } : {}),
    ...(follower === undefined ? {} : { accessToken: follower }),
    variables: variables ?? {},
    inputs: inputs ?? {},
    ...(request_uid_variable === undefined ? {} : { uidVariable: request_uid_variable }),
  });
}

/** What the schema lets through. */
type Inputs = {
  readonly project: string | number;
  readonly ref?: string;
  readonly token: string;
  readonly access_token?: string;
  readonly variables?: JsonObject;
  readonly inputs?: JsonObject;
  readonly request_uid_variable?: string;
  readonly api_url?: string;
};
