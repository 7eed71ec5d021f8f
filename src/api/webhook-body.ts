import type { Json } from '../json.ts';
import { WEBHOOK_SCOPES } from '../run/webhooks/types.ts';
import { readJsonObject } from './body.ts';
import type { ApiRequest } from './operation.ts';
import { isPathParameter, PATH_PARAMETERS } from './path-parameters.ts';
import { isRefusal, type Refusal, refuse } from './reply.ts';
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
  if (id !== undefined && (typeof id !== 'string' || !isPathParameter('webhook', id))) {
    return wrong(`'id' is not of the form ${PATH_PARAMETERS.webhook.pattern} with 2 to 50 characters`);
  }
  const url = givenUrl === undefined ? undefined : readWebhookUrl(givenUrl);
  if (typeof url === 'object') return wrong(url.wrong);
  if (description !== undefined && !isDescription(description)) {
    return wrong(`'description' is not a text of at most ${LONGEST_DESCRIPTION} characters`);
  }
  if (disabled !== undefined && typeof disabled !== 'boolean') return wrong("'disabled' is not true or false");
  const types = triggers === undefined ? undefined : readTriggers(triggers);
  if (typeof types === 'string') return wrong(types);
  return {
    ...(id === undefined ? {} : { id }),
    ...(url === undefined ? {} : { url }),
    ...(description === undefined ? {} : { description }),
    ...(types === undefined ? {} : { types }),
    ...(disabled === undefined ? {} : { disabled }),
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

const wrong = (what: string): Refusal => refuse('INVALID_BODY', `The body is not right: ${what}.`);
