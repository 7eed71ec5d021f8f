import { number } from '../shape/values.ts';

/** 30 days. */
export const MAX_MINUTES = 43_200;

/** Of the run and of a job. */
export const wholeMinutes = number({ minimum: 1, maximum: MAX_MINUTES });

/** Of a step. */
export const stepMinutes = number({ above: 0, maximum: MAX_MINUTES });
