import type { Json } from '../../src/json.ts';
import type { Condition, Expression, Template } from '../../src/language/expressions/template.ts';
import type {
  ArtefactTrigger,
  Concurrency,
  Job,
  Permissions,
  Pipeline,
  Retry,
  Step,
  Triggers,
} from '../../src/language/pipeline.ts';

/** A pipeline as data that a fixture can hold: templates look as they are written. */
export function plainPipeline(pipeline: Pipeline) {
  const { jobs, outputs, triggers, concurrency, ...rest } = pipeline;
  return {
    ...rest,
    triggers: plainTriggers(triggers),
    ...(concurrency === undefined ? {} : { concurrency: { ...concurrency, group: plain(concurrency.group) } }),
    outputs: plainMap(outputs),
    jobs: jobs.map(plainJob),
  };
}

function plainTriggers({ event, ...rest }: Triggers) {
  return event === undefined ? rest : { ...rest, event: { ...event, inputs: plainMap(event.inputs) } };
}

function plainJob(job: Job) {
  const { steps, outputs, if: condition, timeoutMinutes, continueOnError, ...rest } = job;
  return {
    ...rest,
    if: plainCondition(condition),
    steps: steps.map(plainStep),
    outputs: plainMap(outputs),
    ...optional('timeoutMinutes', timeoutMinutes),
    ...optional('continueOnError', continueOnError),
  };
}

function plainStep(step: Step) {
  const { name, if: condition, with: inputs, timeoutMinutes, continueOnError, ...rest } = step;
  return {
    ...rest,
    name: plain(name),
    if: plainCondition(condition),
    with: plainMap(inputs),
    ...optional('timeoutMinutes', timeoutMinutes),
    ...optional('continueOnError', continueOnError),
  };
}

function plainCondition({ template, namesStatus }: Condition) {
  return namesStatus ? { only: plain(template) } : { successAnd: plain(template) };
}

function optional(name: string, template: Template | undefined) {
  return template === undefined ? {} : { [name]: plain(template) };
}

function plainMap(templates: Readonly<Record<string, Template>>): Record<string, Json> {
  return Object.fromEntries(Object.entries(templates).map(([name, template]) => [name, plain(template)]));
}

export function plain(template: Template): Json {
  switch (template.kind) {
    case 'literal':
      return template.value;
    case 'expression':
      return show(template.expression);
    case 'text':
      return template.parts.map(part => (typeof part === 'string' ? part : show(part))).join('');
    case 'list':
      return template.items.map(plain);
    case 'map':
      return Object.fromEntries(template.entries.map(([key, value]) => [key, plain(value)]));
  }
}

function show(expression: Expression): string {
  return `\${{ ${expression.source.trim()} }}`;
}

/** The definition that says the same. */
export function printDefinition(pipeline: Pipeline) {
  const { id, name, metadata, triggers, jobs, outputs, timeoutMinutes, concurrency, permissions } = pipeline;
  return {
    ...(id === undefined ? {} : { id }),
    name,
    metadata,
    on: printTriggers(triggers),
    'timeout-minutes': timeoutMinutes,
    ...(concurrency === undefined ? {} : { concurrency: printConcurrency(concurrency) }),
    ...(permissions === undefined ? {} : { permissions: printPermissions(permissions) }),
    outputs: plainMap(outputs),
    jobs: Object.fromEntries(jobs.map(job => [job.id, printJob(job)])),
  };
}

function printTriggers({ pipeline_call, event, deployment_request, artefact }: Triggers) {
  const calls = Object.entries(pipeline_call?.inputs ?? {}).map(([input, { schema, ...rest }]) => [
    input,
    { ...schema, ...rest },
  ]);
  return {
    ...(pipeline_call === undefined ? {} : { pipeline_call: { inputs: Object.fromEntries(calls) } }),
    ...(event === undefined ? {} : { event: { ...event.pattern, inputs: plainMap(event.inputs) } }),
    ...(deployment_request === undefined ? {} : { deployment_request }),
    ...(artefact === undefined ? {} : { artefact: printArtefact(artefact) }),
  };
}

function printArtefact({ matchRef, ...rest }: ArtefactTrigger) {
  return { ...rest, ...(matchRef === undefined ? {} : { 'match-ref': matchRef }) };
}

function printConcurrency({ group, cancelInProgress, limit }: Concurrency) {
  return { group: plain(group), 'cancel-in-progress': cancelInProgress, limit };
}

function printPermissions(permissions: Permissions) {
  switch (permissions.kind) {
    case 'inherit':
      return { 'run-as': 'inherit' };
    case 'service-user':
      return { 'run-as': permissions.id };
    case 'delegated': {
      const { application, envTypes } = permissions;
      return {
        ...(application === undefined ? {} : { application }),
        ...(Object.keys(envTypes).length === 0 ? {} : { 'env-types': envTypes }),
      };
    }
  }
}

function printJob(job: Job) {
  return {
    name: job.name,
    needs: job.needs,
    if: plain(job.if.template),
    steps: job.steps.map(printStep),
    outputs: plainMap(job.outputs),
    ...optional('timeout-minutes', job.timeoutMinutes),
    ...optional('continue-on-error', job.continueOnError),
  };
}

function printStep(step: Step) {
  return {
    uses: step.uses,
    ...(step.id === undefined ? {} : { id: step.id }),
    name: plain(step.name),
    if: plain(step.if.template),
    with: plainMap(step.with),
    ...optional('timeout-minutes', step.timeoutMinutes),
    ...optional('continue-on-error', step.continueOnError),
    ...(step.retry === undefined ? {} : { retry: printRetry(step.retry) }),
  };
}

function printRetry({ maxAttempts, delaySeconds, backoff, on }: Retry) {
  return { 'max-attempts': maxAttempts, 'delay-seconds': delaySeconds, backoff, ...(on === undefined ? {} : { on }) };
}
