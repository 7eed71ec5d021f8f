import type { JobRecord, StepRecord } from '../store/jobs.ts';
import type { StepAnswer } from './environment.ts';
import type { Redactor } from './redactor.ts';

/**
 * What leaves a step is masked before anything else sees it, in memory too: a run behaves the same whether it parked in
 * between or not.
 */
export function maskAnswer({ text, json }: Redactor, answer: StepAnswer): StepAnswer {
  switch (answer.status) {
    case 'succeeded':
      return { ...answer, outputs: json(answer.outputs) };
    case 'failed': {
      const { outputs } = answer;
      const shown = { ...answer, code: text(answer.code), message: text(answer.message) };
      return outputs === undefined ? shown : { ...shown, outputs: json(outputs) };
    }
    case 'waiting':
      return { ...answer, for: text(answer.for), state: json(answer.state) };
    case 'aborted':
      return answer;
  }
}

/** What a step says about itself: its outputs were masked when it answered. */
export function maskStep({ text }: Redactor, record: StepRecord): StepRecord {
  const { name, message } = record;
  return { ...record, message: text(message), ...(name === undefined ? {} : { name: text(name) }) };
}

/** The same of a job, with its outputs, which it may make of what no step said. */
export function maskJob({ text, json }: Redactor, record: JobRecord): JobRecord {
  const { message, outputs } = record;
  return { ...record, message: text(message), ...(outputs === undefined ? {} : { outputs: json(outputs) }) };
}

/** For the log of the server. An error with nothing to mask stays itself; another one is not ours to change. */
export function maskError(redactor: Redactor, error: unknown): unknown {
  if (typeof error === 'string') return redactor.text(error);
  if (!(error instanceof Error)) return error;
  const message = redactor.text(error.message);
  const stack = error.stack === undefined ? undefined : redactor.text(error.stack);
  const cause = maskError(redactor, error.cause);
  if (message === error.message && stack === error.stack && cause === error.cause) return error;
  const shown = new Error(message, { cause });
  shown.name = error.name;
  if (stack !== undefined) shown.stack = stack;
  return shown;
}
