import type { Json } from '../json.ts';
import { WEBHOOK_SCOPES } from '../run/webhooks/types.ts';
import { readJsonObject } from './body.ts';
import { refuseFields, unlessRight } from './body-problems.ts';
import type { ApiRequest } from './operation.ts';
import { isPathParameter, PATH_PARAMETERS } from './path-parameters.ts';
import { isRefusal, type Refusal } from './reply.ts';
import { LONGEST_DESCRIPTION } from './schemas/webhooks.ts';
import { holdsControls } from './text-field.ts';
import { readWebhookUrl } from './webhook-url.ts';

/** What a body says about a webhook; what it does not say is absent. */
export type GivenWebhook = {
  readonly id?: string;
  readonly url?: string;
  readonly description?: string;
  /** As `scope.type`. */
  readonly types?: readonly string[];
  readonly disabled?: boolean;
};

export function readWebhookBody(
  request: ApiRequest,
  required: readonly string[],
  optional: readonly string[],
): GivenWebhook | Refusal {
  const body = readJsonObject(request, required, optional);
  if (isRefusal(body)) return body;
  const { id, url: givenUrl, description, triggers, disabled } = body.value;
  const isId = typeof id === 'string' && isPathParameter('webhook', id);
  const form = `${PATH_PARAMETERS.webhook.pattern} with 2 to 50 characters`;
  const url = givenUrl === undefined ? undefined : readWebhookUrl(givenUrl);
  const types = triggers === undefined ? undefined : readTriggers(triggers);
  const problems = [
    ...unlessRight(id === undefined || isId, 'id', `'id' is not of the form ${form}`),
    ...(typeof url === 'object' ? unlessRight(false, 'url', url.wrong) : []),
    ...unlessRight(
      description === undefined || isDescription(description),
      'description',
      `'description' is not a text of at most ${LONGEST_DESCRIPTION} characters`,
    ),
    ...unlessRight(
      disabled === undefined || typeof disabled === 'boolean',
      'disabled',
      "'disabled' is not true or false",
    ),
    ...(typeof types === 'string' ? unlessRight(false, 'triggers', types) : []),
  ];
  if (problems.length > 0) return refuseFields(problems);
  return {
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof url === 'string' ? { url } : {}),
    ...(typeof description === 'string' ? { description } : {}),
    ...(typeof types === 'object' ? { types } : {}),
    ...(typeof disabled === 'boolean' ? { disabled } : {}),
  };
}

const isDescription = (given: Json): given is string =>
  typeof given === 'string' && given.length <= LONGEST_DESCRIPTION && !holdsControls(given);

/** A text instead says what is wrong. */
function readTriggers(given: Json): readonly string[] | string {
  if (!Array.isArray(given) || given.length > MOST_TRIGGERS)
    return `'triggers' is not a list of at most ${MOST_TRIGGERS}`;
  const types: string[] = [];
  for (const [index, entry] of given.entries()) {
    const type = readTrigger(entry);
    if (type === undefined) {
      return `triggers[${index}] is not an event like {"scope": "pipeline_run", "type": "failed"}; known: ${KNOWN}`;
    }
    if (!types.includes(type)) types.push(type);
  }
  return types;
}

function readTrigger(entry: Json): string | undefined {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return undefined;
  const { scope, type, ...more } = Object.fromEntries(Object.entries(entry));
  if (Object.keys(more).length > 0) return undefined;
  const found = Object.entries(WEBHOOK_SCOPES).find(([name]) => name === scope);
  return found?.[1].some(name => name === type) === true ? `${scope}.${type}` : undefined;
}

const MOST_TRIGGERS = 50;

const KNOWN = Object.entries(WEBHOOK_SCOPES)
  .map(([scope, types]) => `${scope} with ${types.join(', ')}`)
  .join('; ');
