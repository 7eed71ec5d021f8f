import type { JsonSchema } from '../action.ts';

/** Ids become part of a path; one that begins with a letter or digit leads nowhere else. */
const PATTERN = '^[A-Za-z0-9][A-Za-z0-9_.-]*$';

export const id = (description: string): JsonSchema => ({
  description,
  type: 'string',
  pattern: PATTERN,
  maxLength: 200,
});

/** What an input or an output of a skipped step left empty counts as absent. */
export const optionalId = (description: string): JsonSchema => ({
  description,
  type: ['string', 'null'],
  pattern: PATTERN,
  maxLength: 200,
});

/** Of every action on the orchestrator; all that an action fails with that names nothing but an environment. */
export const READING_ERRORS: Readonly<Record<string, string>> = {
  NO_ORCHESTRATOR: 'The org names no orchestrator, or its token does not open; the message says what to do.',
  FORBIDDEN: 'The run, as whom it acts, may not do this; the message says which role would.',
  UNKNOWN_ENVIRONMENT: 'The orchestrator has no such environment in this app.',
  AUTHENTICATION_FAILED: 'The orchestrator does not accept the token of the org (401).',
  PERMISSION_DENIED: 'The token of the org may not do this on the orchestrator (403).',
  REQUEST_REFUSED: 'The orchestrator refuses what the inputs ask for; the message says why.',
  CONFLICT:
    'The orchestrator refuses this in the present state of the environment, and did so for a quarter of an hour.',
  INVALID_URL: 'The base URL of the orchestrator is malformed.',
  EGRESS_REFUSED:
    'The address of the orchestrator is private, local or reserved, and the deployment does not allow it.',
  PROVIDER_ERROR:
    'The orchestrator could not be reached or was in trouble for about a quarter of an hour, or answered something unexpected.',
  ABORTED: 'The step was cancelled or its time was over.',
};

/** Of those that name other things there, or make them. */
export const ERRORS: Readonly<Record<string, string>> = {
  ...READING_ERRORS,
  NOT_FOUND: 'The orchestrator does not know what the inputs name, or its token may not see it (404).',
};
