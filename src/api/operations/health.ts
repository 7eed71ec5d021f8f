import type { Operation } from '../operation.ts';

/** Touches nothing: it tells whether the API answers, not whether everything behind it does. */
export const getHealth: Operation<'getHealth'> = () => ({ status: 200, body: '{"status":"ok"}' });
