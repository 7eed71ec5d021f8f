import type { JsonSchema } from '../../json.ts';

export const callbacksSchemas = {
  CallbackPayload: { description: 'Any JSON, up to 64 KiB: the output `payload` of the step that waits for it.' },
} as const satisfies Record<string, JsonSchema>;
