import type { Table } from '../src/ports/table.ts';
import type { Tell } from '../src/run/tell.ts';

/** For functions most of whose invocations tell nothing: what it takes is loaded with the first event. */
export function lazyTell(busName: string, table: Table): Tell {
  let loading: Promise<Tell> | undefined;
  return async events => {
    loading ??= import('./open-tell.ts').then(({ openTell }) => openTell(busName, table));
    return (await loading)(events);
  };
}
