import type { JsonSchema } from '../../json.ts';

export const placesSchemas = {} as const satisfies Record<string, JsonSchema>;
