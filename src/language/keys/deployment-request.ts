import type { DeploymentRequest } from '../pipeline.ts';
import { fieldsSchema, readFields } from '../shape/fields.ts';
import type { Shape } from '../shape/shape.ts';

/** The inputs of every run that a deployment request starts. */
export const DEPLOYMENT_INPUTS: readonly string[] = [
  'env_id',
  'set_id',
  'delta_id',
  'deployment_id',
  'value_set_version_id',
  'comment',
  'mode',
];

/** Takes no settings: null or `{}`. */
export const deploymentRequest: Shape<DeploymentRequest | undefined> = {
  schema: { ...fieldsSchema({}), type: ['object', 'null'] },
  read: (value, place) => {
    if (value === undefined) return undefined;
    readFields({}, '`deployment_request`', value ?? {}, place);
    return {};
  },
};
