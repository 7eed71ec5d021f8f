import type { Json } from '../../src/json.ts';
import { type ChoiceState, readChoice } from './choice.ts';
import { type Fields, isObject, readFields } from './fields.ts';
import { isTimeout, LONGEST_SECONDS, readTask, type TaskState } from './task.ts';

/** https://states-language.net/spec.html#succeed-state */
export type SucceedState = { readonly type: 'Succeed' };

export type State = TaskState | ChoiceState | SucceedState;

/** A state machine as read: everything that the file says, and nothing that would be passed over. */
export type Definition = {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
  /** How long an execution may take. Absent: as long as it likes. */
  readonly timeoutSeconds?: number;
};

/**
 * Reads the subset of the States Language that `infra/pipeline-run.asl.json` uses.
 * @throws {Error} with every problem: a state machine that is run in part would be another one than AWS runs.
 */
export function readDefinition(text: string, functionNames: ReadonlySet<string>): Definition {
  const problems: string[] = [];
  const machine = readFields(parse(text), '', '', problems);
  if (machine.json('QueryLanguage') !== 'JSONata') machine.problem('QueryLanguage', 'must be "JSONata"');
  const startAt = machine.text('StartAt');
  const source = machine.json('States');
  const timeoutSeconds = readTimeout(machine);
  machine.end();

  const states = new Map<string, State>();
  for (const [name, value] of Object.entries(isObject(source) ? source : {})) {
    const fields = readFields(value, `state "${name}": `, '', problems);
    const state = readState(fields, functionNames);
    fields.end();
    if (state !== undefined) states.set(name, state);
  }
  if (states.size === 0 && problems.length === 0) machine.problem('States', 'must have at least one state');
  if (problems.length === 0) problems.push(...brokenTransitions(startAt, states));
  if (problems.length > 0) throw new Error(`this state machine cannot be run here:\n  ${problems.join('\n  ')}`);
  return { startAt, states, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) };
}

/** Of a machine it is no expression: nothing could be in it before there is an execution. */
function readTimeout(machine: Fields): number | undefined {
  const value = machine.json('TimeoutSeconds');
  if (value === undefined || isTimeout(value)) return value;
  machine.problem('TimeoutSeconds', `must be an integer from 1 to ${LONGEST_SECONDS}`);
  return undefined;
}

function readState(fields: Fields, functionNames: ReadonlySet<string>): State | undefined {
  const type = fields.text('Type');
  switch (type) {
    case 'Task':
      return readTask(fields, functionNames);
    case 'Choice':
      return readChoice(fields);
    case 'Succeed':
      return { type };
    default:
      fields.problem('Type', `"${type}" is not supported`);
      return undefined;
  }
}

function brokenTransitions(startAt: string, states: ReadonlyMap<string, State>): string[] {
  const problems = states.has(startAt) ? [] : [`field "StartAt" names "${startAt}", which is not a state`];
  const reached = new Set([startAt]);
  for (const [name, state] of states) {
    for (const target of targetsOf(state)) {
      reached.add(target);
      if (!states.has(target)) problems.push(`state "${name}": goes on to "${target}", which is not a state`);
    }
  }
  for (const name of states.keys()) if (!reached.has(name)) problems.push(`state "${name}": no state leads to it`);
  return problems;
}

function targetsOf(state: State): string[] {
  switch (state.type) {
    case 'Task':
      return [...(state.next === undefined ? [] : [state.next]), ...state.catch.map(catcher => catcher.next)];
    case 'Choice':
      return [...state.choices.map(rule => rule.next), ...(state.otherwise === undefined ? [] : [state.otherwise])];
    case 'Succeed':
      return [];
  }
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error('this state machine cannot be run here: its definition is not JSON', { cause });
  }
}
