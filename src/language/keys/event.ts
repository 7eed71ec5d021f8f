import type { Json, JsonObject, JsonSchema } from '../../json.ts';
import { inputsSchema } from '../inputs-schema.ts';
import { isList, isMap } from '../json-kind.ts';
import type { EventTrigger, PipelineCall } from '../pipeline.ts';
import { mapOf, NAME } from '../shape/collections.ts';
import { fieldsSchema, readFields } from '../shape/fields.ts';
import { inside, type Place, report, type Shape } from '../shape/shape.ts';
import { EVENT_CONTEXTS, template } from '../shape/templates.ts';
import { wrongType } from '../shape/values.ts';
import { checkPattern, checkValues, PATTERN_SCHEMA, VALUES_SCHEMA } from './event-pattern.ts';
import { checkGiven } from './given-inputs.ts';
import { MAX_INPUTS } from './pipeline-call.ts';

/** What a field of the event may be: a list of values, or one text. */
const values: Shape<readonly Json[] | undefined> = {
  schema: { anyOf: [{ type: 'string' }, VALUES_SCHEMA] },
  read: (value, place) => {
    if (value === undefined) return undefined;
    if (!isList(value) && typeof value !== 'string') return wrongType(value, 'a string or a list', place);
    if (typeof value === 'string' && value.includes('${{')) return wrongType(value, 'the text itself', place);
    const list = isList(value) ? value : [value];
    if (isList(value)) checkValues(value, place);
    return list;
  },
};

const detail: Shape<JsonObject | undefined> = {
  schema: PATTERN_SCHEMA,
  read: (value, place) => {
    if (value === undefined) return undefined;
    if (!isMap(value)) return wrongType(value, 'a map', place);
    checkPattern(value, place);
    return value;
  },
};

const FIELDS = {
  source: { shape: values, description: 'Where the event comes from: `[com.example.shop]`.' },
  'detail-type': { shape: values, description: 'What kind of event it is: `[OrderPlaced]`.' },
  detail: {
    shape: detail,
    description: 'What is in the event, as an EventBridge pattern: `{amount: [{numeric: [">", 100]}]}`.',
  },
  inputs: {
    shape: mapOf(template(EVENT_CONTEXTS), { max: MAX_INPUTS, noun: 'input' }, NAME),
    description: 'The inputs of the run: name → value, with expressions over the context `event`.',
  },
} as const;

export const event: Shape<EventTrigger | undefined> = {
  schema: { ...fieldsSchema(FIELDS), anyOf: requireOneOf(['source', 'detail-type', 'detail']) },
  read: (value, place) => (value === undefined ? undefined : readEvent(value, place)),
};

function readEvent(value: Json, place: Place): EventTrigger {
  const { inputs, ...fields } = readFields(FIELDS, '`event`', value, place);
  const given = isMap(value) ? value : { source: null };
  const pattern = Object.entries(fields).flatMap(([name, rule]) => (rule === undefined ? [] : [[name, rule] as const]));
  if (given.source === undefined && given['detail-type'] === undefined && given.detail === undefined) {
    const message =
      '`event` needs at least one of `source`, `detail-type` and `detail`; without any, every event would start a run';
    report(place, { code: 'INVALID_VALUE', message });
  }
  return { pattern: Object.fromEntries(pattern), inputs: Object.fromEntries(inputs) };
}

function requireOneOf(names: readonly string[]): readonly JsonSchema[] {
  return names.map(name => ({ required: [name] }));
}

/** `pipeline_call` declares the inputs of the pipeline: an event has to give what it asks for, and nothing else. */
export function checkEventInputs(trigger: Json | undefined, call: PipelineCall, place: Place): void {
  const given = isMap(trigger) ? (trigger.inputs ?? {}) : undefined;
  if (isMap(given)) checkGiven(inputsSchema(call), given, 'inputs of `pipeline_call`', inside(place, 'inputs'));
}
