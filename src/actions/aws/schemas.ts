import type { JsonSchema } from '../action.ts';

/** Properties that several actions of AWS have. */
export const wait: JsonSchema = {
  description:
    'Whether the step lasts until it is over, without using compute meanwhile, and ends it when it is cancelled.',
  type: 'boolean',
  default: true,
};
