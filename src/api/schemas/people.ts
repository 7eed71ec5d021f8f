import type { JsonSchema } from '../../json.ts';

export const peopleSchemas = {} as const satisfies Record<string, JsonSchema>;
