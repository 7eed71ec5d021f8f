import type { JsonSchema } from '../../json.ts';

export const approvalsSchemas = {} as const satisfies Record<string, JsonSchema>;
