import validate from 'asl-validator';
import jsonata from 'jsonata';
import { freeVariables, JSONATA_FUNCTIONS, STEP_FUNCTIONS_FUNCTIONS } from './jsonata-variables.ts';

/** Something that Step Functions refuses, or that fails only when an execution gets there. */
export type StateMachineProblem = {
  readonly rule: 'asl' | 'states-all' | 'heartbeat' | 'backoff-rate' | 'variable' | 'task-token';
  /** Where: `States.Park.Retry[0].ErrorEquals`. */
  readonly path: string;
  readonly message: string;
};

type JsonObject = Readonly<Record<string, unknown>>;

type Place = { readonly path: string; readonly value: unknown };

/** `asl-validator`, and the rules that it does not have. Placeholders must be filled in. */
export function checkStateMachine(definition: unknown): StateMachineProblem[] {
  const states = statesOf(definition, '');
  const assigned = new Set(['$states', ...states.flatMap(({ value }) => assignedBy(value))]);
  return [
    ...validate(structuredClone(objectOf(definition))).errors.map(
      (error): StateMachineProblem => ({
        rule: 'asl',
        path: (error.schemaError?.instancePath ?? '').slice(1).replaceAll('/', '.'),
        message: `${error['Error code']}: ${error.Message}`,
      }),
    ),
    ...states.flatMap(state => [
      ...misplacedWildcards(state),
      ...lateHeartbeat(state),
      ...shrinkingDelays(state),
      ...undefinedVariables(state, assigned),
      ...forgottenToken(state),
    ]),
  ];
}

/** States of the machine and of its Map and Parallel states. */
function statesOf(machine: unknown, prefix: string): (Place & { readonly value: JsonObject })[] {
  return Object.entries(objectOf(objectOf(machine).States)).flatMap(([name, source]) => {
    const [value, path] = [objectOf(source), `${prefix}States.${name}`];
    return [
      { path, value },
      ...listOf(value.Branches).flatMap((branch, index) => statesOf(branch, `${path}.Branches[${index}].`)),
      ...statesOf(value.ItemProcessor, `${path}.ItemProcessor.`),
    ];
  });
}

/** `States.ALL` stands alone in `ErrorEquals`, in the last retrier or catcher. */
function misplacedWildcards({ path, value }: Place): StateMachineProblem[] {
  return ['Retry', 'Catch'].flatMap(field => {
    const list = listOf(objectOf(value)[field]);
    return list.flatMap((entry, index): StateMachineProblem[] => {
      const names = listOf(objectOf(entry).ErrorEquals);
      if (!names.includes('States.ALL') || (names.length === 1 && index === list.length - 1)) return [];
      const message = `"States.ALL" must stand alone and in the last entry of ${field}`;
      return [{ rule: 'states-all', path: `${path}.${field}[${index}].ErrorEquals`, message }];
    });
  });
}

function lateHeartbeat({ path, value }: Place): StateMachineProblem[] {
  const { HeartbeatSeconds: heartbeat, TimeoutSeconds: timeout } = objectOf(value);
  if (typeof heartbeat !== 'number' || typeof timeout !== 'number' || heartbeat < timeout) return [];
  const message = `a heartbeat of ${heartbeat} s never comes before the time-out of ${timeout} s: make it shorter`;
  return [{ rule: 'heartbeat', path: `${path}.HeartbeatSeconds`, message }];
}

function shrinkingDelays({ path, value }: Place): StateMachineProblem[] {
  return listOf(objectOf(value).Retry).flatMap((retrier, index): StateMachineProblem[] => {
    const rate = objectOf(retrier).BackoffRate;
    if (typeof rate !== 'number' || rate >= 1) return [];
    const message = `a rate of ${rate} is refused: it must be at least 1`;
    return [{ rule: 'backoff-rate', path: `${path}.Retry[${index}].BackoffRate`, message }];
  });
}

/** The variables that a state, its catchers and its choice rules assign, with their `$`. */
function assignedBy(state: JsonObject): string[] {
  const places = [state, ...listOf(state.Catch), ...listOf(state.Choices)];
  return places.flatMap(place => Object.keys(objectOf(objectOf(place).Assign)).map(name => `$${name}`));
}

function undefinedVariables(state: Place, assigned: ReadonlySet<string>): StateMachineProblem[] {
  return expressionsOf(state).flatMap(({ path, ast }) =>
    freeVariables(ast)
      .filter(name => !assigned.has(name) && !isFunction(name))
      .map((name): StateMachineProblem => {
        const message = `"${name}" is defined nowhere: use $states, a variable that a state assigns, or a function`;
        return { rule: 'variable', path, message };
      }),
  );
}

function isFunction(variable: string): boolean {
  const name = variable.slice(1);
  return variable.startsWith('$') && (JSONATA_FUNCTIONS.has(name) || STEP_FUNCTIONS_FUNCTIONS.has(name));
}

/** Nobody can end a task that waits for a token which it gave to nobody. */
function forgottenToken({ path, value }: Place): StateMachineProblem[] {
  const { Resource: resource, Arguments: given } = objectOf(value);
  if (typeof resource !== 'string' || !resource.endsWith('.waitForTaskToken')) return [];
  if (expressionsOf({ path, value: given }).some(({ ast }) => mentionsToken(ast))) return [];
  const message = 'waits for a task token but passes it to nobody: put $states.context.Task.Token into the arguments';
  return [{ rule: 'task-token', path: `${path}.Arguments`, message }];
}

const TOKEN_PATH = ['states', 'context', 'Task', 'Token'];

function mentionsToken(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(mentionsToken);
  if (typeof node !== 'object' || node === null) return false;
  const names = listOf(objectOf(node).steps).map(step => objectOf(step).value);
  // What is above the token in the context object carries it too.
  const carries = names.length > 1 && names.every((name, index) => name === TOKEN_PATH[index]);
  return carries || Object.values(node).some(mentionsToken);
}

/** All expressions in a value that parse, with their syntax trees; `asl-validator` reports the others. */
function expressionsOf({ path, value }: Place): { readonly path: string; readonly ast: unknown }[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => expressionsOf({ path: `${path}[${index}]`, value: item }));
  }
  if (typeof value === 'object' && value !== null) {
    // The states inside a Map or Parallel state are looked at by themselves.
    const { Branches: _, ItemProcessor: __, ...own } = objectOf(value);
    return Object.entries(own).flatMap(([name, item]) => expressionsOf({ path: `${path}.${name}`, value: item }));
  }
  if (typeof value !== 'string' || !value.startsWith('{%') || !value.endsWith('%}')) return [];
  try {
    return [{ path, ast: jsonata(value.slice(2, -2)).ast() }];
  } catch {
    return [];
  }
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
