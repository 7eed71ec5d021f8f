/**
 * Every error code of the API: its status and what it means. Codes are a promise to clients: they are added, never
 * renamed. docs/errors.md lists them.
 */
export const ERROR_CODES = {
  MALFORMED_REQUEST: {
    status: 400,
    meaning: 'The request is not well-formed HTTP, or its path, query or body is not proper UTF-8.',
  },
  INVALID_QUERY: { status: 400, meaning: 'A query parameter is unknown, given twice, or not of its form.' },
  INVALID_PAGE_TOKEN: { status: 400, meaning: 'The page token was not given out for this caller and this query.' },
  UNKNOWN_BODY_KEYS: { status: 400, meaning: 'The body has keys that are not documented.' },
  INVALID_INPUTS: {
    status: 400,
    meaning: "The inputs break the pipeline's declaration; details.inputs has one entry per input.",
  },
  INVALID_DEFINITION: {
    status: 400,
    meaning: 'The definition has mistakes; details.diagnostics has one entry per mistake, with its place.',
  },
  INVALID_ACTION: {
    status: 400,
    meaning: 'The inputs or outputs of the action are no schema that can be used; details.problems says why.',
  },
  PIPELINE_ID_MISMATCH: {
    status: 400,
    meaning: 'The id in the definition is not the id in the path; the id of a pipeline is fixed.',
  },
  UNKNOWN_ENV_TYPE: { status: 400, meaning: 'The org has no type of environments of this id.' },
  INVALID_IDEMPOTENCY_KEY: { status: 400, meaning: 'The header Idempotency-Key is empty or too long.' },
  INVALID_CONCURRENCY_GROUP: {
    status: 400,
    meaning: "With these inputs, the pipeline's `concurrency.group` is not the name of a group.",
  },
  APPROVAL_IS_CANCELLED: { status: 400, meaning: 'Nobody waits for this approval any more.' },
  UNKNOWN_SERVICE_USER: { status: 400, meaning: 'The org has no service user of this id.' },
  UNAUTHENTICATED: { status: 401, meaning: 'No bearer token, or one that is unknown or expired.' },
  FORBIDDEN: {
    status: 403,
    meaning: 'The caller has a role in the org, and it does not allow this; the message says what would.',
  },
  NOT_FOUND: { status: 404, meaning: 'There is no such object under this path, or the caller may not know of it.' },
  NO_MATCHING_CRITERIA: {
    status: 404,
    meaning: 'No criterion of the app matches the deployment request, so there is no pipeline to start.',
  },
  UNKNOWN_PATH: { status: 404, meaning: 'No operation has this path; GET /openapi.json lists them all.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    meaning: 'The path exists, but not with this method; the header Allow lists the methods.',
  },
  REQUEST_TIMEOUT: { status: 408, meaning: 'The request did not arrive completely in time.' },
  APP_ID_TAKEN: {
    status: 409,
    meaning: 'The org has an app with this id already, or had one whose runs are kept; the message says until when.',
  },
  APP_NOT_EMPTY: { status: 409, meaning: 'The app has runs that are not over.' },
  ENV_TYPE_ID_TAKEN: {
    status: 409,
    meaning: 'The org has a type of environments with this id already, or had one less than a day ago.',
  },
  ENV_TYPE_IN_USE: { status: 409, meaning: 'Environments of this type exist; the message names one.' },
  ENVIRONMENT_ID_TAKEN: { status: 409, meaning: 'The app has an environment with this id already.' },
  PIPELINE_ID_TAKEN: { status: 409, meaning: 'The app has a pipeline with this id already.' },
  PIPELINE_HAS_OPEN_RUNS: { status: 409, meaning: 'The pipeline has runs that are not over.' },
  CRITERIA_EXIST: {
    status: 409,
    meaning: 'A criterion of the app matches the same requests already; the message names its pipeline.',
  },
  ACTION_NAME_TAKEN: { status: 409, meaning: 'Names of actions in this org are those of the product.' },
  ROLE_EXISTS: { status: 409, meaning: 'The subject has a role there already; PATCH changes it.' },
  MEMBER_EXISTS: { status: 409, meaning: 'The user is in the group already.' },
  USER_EXISTS: { status: 409, meaning: 'The org has a user with this e-mail address already.' },
  TOKEN_ID_TAKEN: { status: 409, meaning: 'The user has a token with this id already; delete it, or take another id.' },
  TOO_MANY_TOKENS: { status: 409, meaning: 'The user has as many tokens as there may be; delete one.' },
  LAST_ADMINISTRATOR: { status: 409, meaning: 'The org would have no administrator; make somebody else one first.' },
  RUN_IS_OVER: { status: 409, meaning: 'The run is over, so it cannot be cancelled.' },
  RUN_IS_NOT_OVER: { status: 409, meaning: 'The run is not over, so it cannot be restarted or deleted.' },
  RUN_DELETED: { status: 409, meaning: 'The run that this Idempotency-Key started was deleted.' },
  CANNOT_RESTART: {
    status: 409,
    meaning: 'What the run was started with does not fit what it would be now, or its pipeline is gone.',
  },
  CHANGED_MEANWHILE: {
    status: 409,
    meaning: 'Another request changed the object at the same time; read it again and repeat.',
  },
  VALUE_KEY_TAKEN: { status: 409, meaning: 'The app has a value with this key already.' },
  TOO_MANY_VALUES: { status: 409, meaning: 'The values of the app are as many, or as large together, as they may be.' },
  WEBHOOK_ID_TAKEN: { status: 409, meaning: 'The app has a webhook with this id already.' },
  TOO_MANY_WEBHOOKS: { status: 409, meaning: 'The app has as many webhooks as there may be; delete one.' },
  WEBHOOK_DISABLED: { status: 409, meaning: 'The webhook is disabled, so nothing is sent to it; enable it first.' },
  NO_PIPELINE_CALL: {
    status: 409,
    meaning: 'The pipeline version does not have the trigger pipeline_call, so no request can start it.',
  },
  EVENT_DOES_NOT_MATCH: {
    status: 409,
    meaning: 'The current version of the pipeline has no trigger `event` that the event meets.',
  },
  EVENT_TOO_DEEP: {
    status: 409,
    meaning: 'The event is about a run that an event started, five times in a row; it starts nothing.',
  },
  ALREADY_STARTED: { status: 409, meaning: 'The event has started a run of the pipeline since it was refused.' },
  NO_SUCH_TRIGGER: {
    status: 409,
    meaning: 'The pipeline version does not have the trigger that was asked for.',
  },
  ETAG_MISMATCH: { status: 412, meaning: 'The object is no longer the one that If-Match names.' },
  BODY_TOO_LARGE: { status: 413, meaning: 'The body is larger than 256 KiB.' },
  UNSUPPORTED_CONTENT_TYPE: { status: 415, meaning: 'The body is of a content type that the operation does not take.' },
  INVALID_BODY: {
    status: 422,
    meaning: 'The body is not JSON, not an object, lacks a required key, or a value is not of its form.',
  },
  IDEMPOTENCY_KEY_REUSED: { status: 422, meaning: 'The Idempotency-Key came with another request before.' },
  HEADERS_TOO_LARGE: { status: 431, meaning: 'The headers are larger than 16 KiB.' },
  INTERNAL_ERROR: { status: 500, meaning: 'A fault of the server; details.request_id finds it in the log.' },
} as const satisfies Record<string, { readonly status: number; readonly meaning: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;
