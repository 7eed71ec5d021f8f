import { useQuery } from '@tanstack/react-query';
import { ApiFailure, client } from '../../api/api.ts';
import type { ApiError, Result } from '../../api/client.ts';
import type { Pipeline } from '../../api/types.ts';
import type { Place } from '../../app/place.ts';

/** A pipeline and the text of that very version of it: what somebody edits, and what saving must still find there. */
export type Base = { readonly pipeline: Pipeline; readonly text: string };

export async function readBase(place: Place, id: string): Promise<Result<Base>> {
  const params = { ...place, pipeline: id };
  const read = await client.call('getPipeline', { params });
  if (!read.ok) return read;
  const text = await readText(place, id, read.value.version);
  return text.ok ? { ok: true, status: 200, value: { pipeline: read.value, text: text.value } } : text;
}

/** Versions never change, so what is read by its version belongs to it. */
export async function readText(place: Place, id: string, version: string): Promise<Result<string>> {
  const read = await client.call('getPipelineSchema', {
    params: { ...place, pipeline: id },
    query: { version },
    headers: { accept: 'application/x-yaml' },
  });
  if (!read.ok) return read;
  const value: unknown = read.value;
  return { ok: true, status: 200, value: typeof value === 'string' ? value : JSON.stringify(value, null, 2) };
}

/**
 * Read when the page opens and not again while it is open. Nothing that was read before is good enough: its etag may be an old one.
 * `from`: the text of another version to begin with.
 */
export function useBase(place: Place, id: string, from: string | undefined) {
  const { data, error, refetch } = useQuery({
    queryKey: ['base of an edit', place, id, from ?? ''],
    queryFn: async () => {
      const base = unwrap(await readBase(place, id));
      const text = from === undefined ? base.text : unwrap(await readText(place, id, from));
      return { base, text };
    },
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  return { data, error: errorOf(error), again: () => void refetch() };
}

function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new ApiFailure(result.error);
}

function errorOf(error: Error | null): ApiError | undefined {
  if (error === null) return undefined;
  if (error instanceof ApiFailure) return error.error;
  throw error;
}
