import { ARTEFACT_INPUTS } from './keys/artefact.ts';
import { DEPLOYMENT_INPUTS } from './keys/deployment-request.ts';
import type { Input, PipelineCall, Triggers, TriggerType } from './pipeline.ts';

const words: Input = { schema: { type: 'string', maxLength: 1_000 }, required: false };
const artefacts: Input = { schema: { type: 'array', items: { type: 'object' } }, required: true };

/**
 * What a trigger gives to its runs, in the form in which `pipeline_call` declares it. Undefined: the pipeline has no such
 * trigger.
 */
export function triggerInputs(triggers: Triggers, trigger: TriggerType): PipelineCall | undefined {
  switch (trigger) {
    case 'deployment_request':
      return triggers.deployment_request === undefined ? undefined : DEPLOYMENT;
    case 'artefact':
      return triggers.artefact === undefined
        ? undefined
        : { inputs: { [ARTEFACT_INPUTS[triggers.artefact.type]]: artefacts } };
    case 'event':
      return triggers.event === undefined ? undefined : (triggers.pipeline_call ?? anyOf(triggers.event.inputs));
    case 'pipeline_call':
      return triggers.pipeline_call;
  }
}

const anyOf = (names: object): PipelineCall => ({
  inputs: Object.fromEntries(Object.keys(names).map(name => [name, { schema: {}, required: false }])),
});

const DEPLOYMENT: PipelineCall = {
  inputs: Object.fromEntries(DEPLOYMENT_INPUTS.map(name => [name, { ...words, required: name === 'env_id' }])),
};
