import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { failureOf, matches } from '../../../local/step-functions/errors.ts';

describe('matches', () => {
  it.each([
    { names: ['E'], error: 'E', holds: true },
    { names: ['F', 'E'], error: 'E', holds: true },
    { names: ['e'], error: 'E', holds: false },
    { names: ['States.ALL'], error: 'E', holds: true },
    { names: ['States.ALL'], error: 'States.Timeout', holds: true },
    { names: ['States.ALL'], error: 'States.QueryEvaluationError', holds: true },
    { names: ['States.ALL'], error: 'States.DataLimitExceeded', holds: false },
    { names: ['States.ALL'], error: 'States.Runtime', holds: false },
    { names: ['States.DataLimitExceeded'], error: 'States.DataLimitExceeded', holds: true },
    { names: ['States.TaskFailed'], error: 'E', holds: true },
    { names: ['States.TaskFailed'], error: 'Lambda.Unknown', holds: true },
    { names: ['States.TaskFailed'], error: 'States.Timeout', holds: false },
    { names: ['States.TaskFailed', 'States.Timeout'], error: 'States.Timeout', holds: true },
    { names: ['States.TaskFailed'], error: 'States.DataLimitExceeded', holds: false },
  ])('$names and $error: $holds', ({ names, error, holds }) => {
    expect(matches(names, error)).toBe(holds);
  });
});

describe('failureOf', () => {
  it('takes the name, the message and the stack of an error, of another realm too', () => {
    const { error, cause } = failureOf(runInNewContext('new RangeError("too far")'));
    expect(error).toBe('RangeError');
    expect(JSON.parse(cause)).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' });
    expect(JSON.parse(cause).trace[0]).toBe('RangeError: too far');
  });

  it.each([
    { thrown: undefined, error: 'undefined', errorMessage: 'undefined' },
    { thrown: 7, error: 'number', errorMessage: '7' },
    { thrown: null, error: 'object', errorMessage: 'null' },
  ])('takes the type of what is no error: $thrown', ({ thrown, error, errorMessage }) => {
    const failure = failureOf(thrown);
    expect(failure.error).toBe(error);
    expect(JSON.parse(failure.cause)).toEqual({ errorType: error, errorMessage, trace: [] });
  });
});
