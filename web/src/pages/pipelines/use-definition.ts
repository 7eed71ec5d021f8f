import { type Read, useApi } from '../../api/api.ts';
import type { Place } from '../../app/place.ts';

/** The definition as it was uploaded, byte for byte; without a version the current one. */
export function useDefinition(place: Place, pipeline: string, version?: string, enabled = true): Read<string> {
  const read = useApi('getPipelineSchema', {
    params: { ...place, pipeline },
    query: version === undefined ? {} : { version },
    headers: { accept: 'application/x-yaml' },
    enabled,
  });
  const data: unknown = read.data;
  // The type is that of the answer as JSON; what was asked for is a text.
  return {
    ...read,
    data: data === undefined ? undefined : typeof data === 'string' ? data : JSON.stringify(data, null, 2),
  };
}
