import {
  type InfiniteData,
  QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { type ApiError, type CallOptions, createClient, type OperationName, type Result } from './client.ts';
import { interruptSession, readSession } from './session.ts';
import type { Operations } from './types.ts';

/** The one client of the app: with the token of the session; a 401 interrupts it, and the sign-in page says why. */
export const client = createClient({ token: () => readSession().token, refused: interruptSession });

/** What TanStack Query hands on as `error`; what the server said is in `error`. */
export class ApiFailure extends Error {
  readonly error: ApiError;
  constructor(error: ApiError) {
    super(error.message);
    this.error = error;
  }
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What the server refused it refuses again; what did not answer may answer the second time.
      retry: (count, error) =>
        count < 1 && error instanceof ApiFailure && [0, 502, 503, 504].includes(error.error.status),
      refetchOnWindowFocus: true,
    },
  },
});

export type ReadOptions<Name extends OperationName> = Omit<CallOptions<Name>, 'signal' | 'body'> & {
  /** False: nothing is asked yet. */
  readonly enabled?: boolean;
  /** Milliseconds between two looks; absent: none by itself. For lists that should stay fresh; for one object see `usePolled`. */
  readonly every?: number;
};

const keyOf = <Name extends OperationName>(name: Name, { params, query, headers }: ReadOptions<Name>) =>
  [name, params ?? {}, query ?? {}, headers ?? {}] as const;

export type Read<T> = {
  readonly data: T | undefined;
  readonly error: ApiError | undefined;
  /** Nothing is there yet: show a skeleton. */
  readonly pending: boolean;
  readonly again: () => void;
};

/** What `useQueries` takes, for a number of reads that is not known beforehand. */
export const readQuery = <Name extends OperationName>(name: Name, options: ReadOptions<Name>) => ({
  queryKey: keyOf(name, options),
  queryFn: async ({ signal }: { readonly signal: AbortSignal }): Promise<Operations[Name]['answer']> =>
    // as: the body is left out; operations that read take none
    unwrap(await client.call(name, { ...options, signal } as unknown as CallOptions<Name>)).value,
  enabled: options.enabled ?? true,
  refetchInterval: options.every ?? (false as const),
});

/** Who was signed in, where that was read already. */
export const lastUser = (): string | undefined =>
  queryClient.getQueryData<Operations['getCurrentUser']['answer']>(keyOf('getCurrentUser', {}))?.id;

/** Reads one object. */
export function useApi<Name extends OperationName>(
  name: Name,
  options: ReadOptions<Name>,
): Read<Operations[Name]['answer']> {
  const result = useQuery<Operations[Name]['answer']>(readQuery(name, options));
  return { data: result.data, ...useFailure(keyOf(name, options), result) };
}

/**
 * Why it could not be read, until there is data or somebody tries again. TanStack Query forgets it with every request, those too that
 * it makes by itself: ‘Try again’ would go while somebody is about to click on it.
 */
function useFailure(
  key: readonly unknown[],
  { data, error, refetch }: { readonly data: unknown; readonly error: Error | null; readonly refetch: () => unknown },
): Omit<Read<unknown>, 'data'> {
  const id = JSON.stringify(key);
  const [last, setLast] = useState<{ readonly id: string; readonly error: Error; readonly stays: boolean }>();
  if (error !== null && last?.error !== error) setLast({ id, error, stays: true });
  const stays = data === undefined && last?.id === id && last.stays;
  const failure = errorOf(error ?? (stays ? last.error : null));
  return {
    error: failure,
    pending: data === undefined && failure === undefined,
    again: useCallback(() => {
      setLast(before => before && { ...before, stays: false });
      void refetch();
    }, [refetch]),
  };
}

type Item<T> = T extends readonly (infer Entry)[] ? Entry : never;

export type ReadList<T> = {
  /** Of all pages read so far; undefined: none yet. */
  readonly items: readonly T[] | undefined;
  readonly error: ApiError | undefined;
  readonly pending: boolean;
  readonly again: () => void;
  /** Undefined: this is all. */
  readonly more: (() => void) | undefined;
  readonly loadingMore: boolean;
};

/** Reads a list page by page. */
export function useApiList<Name extends OperationName>(
  name: Name,
  options: ReadOptions<Name>,
): ReadList<Item<Operations[Name]['answer']>> {
  type Page = { readonly items: readonly Item<Operations[Name]['answer']>[]; readonly next: string | undefined };
  const result = useInfiniteQuery<
    Page,
    Error,
    InfiniteData<Page, string | undefined>,
    readonly unknown[],
    string | undefined
  >({
    queryKey: [...keyOf(name, options), 'pages'],
    queryFn: async ({ signal, pageParam }) => {
      const query = pageParam === undefined ? options.query : { ...options.query, page: pageParam };
      // as: the operations that are lists take `page`; the body is left out
      const answer = unwrap(await client.call(name, { ...options, query, signal } as unknown as CallOptions<Name>));
      return { items: (answer.value ?? []) as Page['items'], next: answer.next }; // as: a list, by the type of the operation
    },
    initialPageParam: undefined,
    getNextPageParam: page => page.next,
    enabled: options.enabled ?? true,
    refetchInterval: options.every ?? false,
  });
  const { fetchNextPage } = result;
  return {
    items: result.data?.pages.flatMap(page => page.items),
    ...useFailure(keyOf(name, options), result),
    more: result.hasNextPage ? () => void fetchNextPage() : undefined,
    loadingMore: result.isFetchingNextPage,
  };
}

export type Action<Name extends OperationName> = {
  /** Does it, and says how it went. */
  readonly run: (options: CallOptions<Name>) => Promise<Result<Operations[Name]['answer']>>;
  readonly busy: boolean;
};

/** Changes something. `stale`: operations whose answers it changes; they are read anew. */
export function useAction<Name extends OperationName>(name: Name, stale: readonly OperationName[] = []): Action<Name> {
  const queries = useQueryClient();
  const { mutateAsync, isPending } = useMutation({
    mutationFn: (options: CallOptions<Name>) => client.call(name, options),
    onSuccess: result => {
      if (result.ok) for (const operation of stale) void queries.invalidateQueries({ queryKey: [operation] });
    },
  });
  return { run: mutateAsync, busy: isPending };
}

function unwrap<T>(result: Result<T>): Extract<Result<T>, { ok: true }> {
  if (result.ok) return result;
  throw new ApiFailure(result.error);
}

function errorOf(error: Error | null): ApiError | undefined {
  if (error === null) return undefined;
  if (error instanceof ApiFailure) return error.error;
  throw error;
}
