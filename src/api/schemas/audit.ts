import type { JsonSchema } from '../../json.ts';

export const auditSchemas = {} as const satisfies Record<string, JsonSchema>;
