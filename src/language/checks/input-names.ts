import { ARTEFACT_INPUTS } from '../keys/artefact.ts';
import { DEPLOYMENT_INPUTS } from '../keys/deployment-request.ts';
import type { Triggers } from '../pipeline.ts';

/** The inputs that a run can have: those of every trigger, since the same jobs run whatever started them. */
export function inputNames({ pipeline_call, event, deployment_request, artefact }: Triggers): readonly string[] {
  return [
    ...new Set([
      ...Object.keys(pipeline_call?.inputs ?? {}),
      ...Object.keys(event?.inputs ?? {}),
      ...(deployment_request === undefined ? [] : DEPLOYMENT_INPUTS),
      ...(artefact === undefined ? [] : [ARTEFACT_INPUTS[artefact.type]]),
    ]),
  ];
}

/** Where another one would be declared. */
export function whereToDeclare({ pipeline_call, event }: Triggers): string {
  if (pipeline_call !== undefined) return 'declare it under `on.pipeline_call.inputs`';
  if (event !== undefined) return 'map it under `on.event.inputs`';
  return 'its triggers give no such input; to declare inputs, add the trigger `pipeline_call`';
}
