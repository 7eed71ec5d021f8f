import { useEffect } from 'react';
import type { ReadList } from '../../api/api.ts';

/** Reads page after page, for lists that one chooses from or searches. `more` is undefined once all are there. */
export function useAll<T>(list: ReadList<T>, wanted = true): ReadList<T> {
  const { more, loadingMore, error } = list;
  useEffect(() => {
    if (wanted && !loadingMore && error === undefined) more?.();
  }, [wanted, more, loadingMore, error]);
  return list;
}
