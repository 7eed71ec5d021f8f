import { useEffect } from 'react';
import type { ReadList } from '../../api/api.ts';

/** Reads page after page, for lists that one chooses from. `more` is undefined once all are there. */
export function useAll<T>(list: ReadList<T>): ReadList<T> {
  const { more, loadingMore, error } = list;
  useEffect(() => {
    if (!loadingMore && error === undefined) more?.();
  }, [more, loadingMore, error]);
  return list;
}
