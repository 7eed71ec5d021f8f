import { isMap } from '../json-kind.ts';
import type { Triggers } from '../pipeline.ts';
import { fieldsSchema, readFields } from '../shape/fields.ts';
import { inside, report, type Shape } from '../shape/shape.ts';
import { artefact } from './artefact.ts';
import { deploymentRequest } from './deployment-request.ts';
import { checkEventInputs, event } from './event.ts';
import { pipelineCall } from './pipeline-call.ts';

const FIELDS = {
  pipeline_call: { shape: pipelineCall, description: 'Started by a request to the API, with inputs.' },
  event: { shape: event, description: 'Started by an event on the bus; needs `permissions` that name an identity.' },
  deployment_request: { shape: deploymentRequest, description: 'Started by a request to deploy; takes no settings.' },
  artefact: { shape: artefact, description: 'Started by a new version of an artefact.' },
} as const;

export const triggers: Shape<Triggers> = {
  schema: { ...fieldsSchema(FIELDS), minProperties: 1 },
  read: (value, place) => {
    const read = readFields(FIELDS, '`on`', value, place);
    if (isMap(value) && Object.keys(value).length === 0) {
      report(place, {
        code: 'INVALID_VALUE',
        message: '`on` needs at least one trigger; for a pipeline that the API starts write `pipeline_call: {}`',
      });
    }
    if (isMap(value) && read.pipeline_call !== undefined) {
      checkEventInputs(value.event, read.pipeline_call, inside(place, 'event'));
    }
    return {
      ...(read.pipeline_call === undefined ? {} : { pipeline_call: read.pipeline_call }),
      ...(read.event === undefined ? {} : { event: read.event }),
      ...(read.deployment_request === undefined ? {} : { deployment_request: read.deployment_request }),
      ...(read.artefact === undefined ? {} : { artefact: read.artefact }),
    };
  },
};
