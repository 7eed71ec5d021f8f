import type { ActionShapes } from '../../src/language/read-pipeline.ts';
import type { Table } from '../../src/ports/table.ts';
import type { Definitions } from '../../src/run/definitions.ts';

/** The reader of definitions (YAML, JSON Schema, expressions) is loaded with the first one: a cold start does without. */
export function lazyDefinitions(table: Table, actions: () => Promise<ActionShapes>): Definitions {
  let loading: Promise<Definitions> | undefined;
  return {
    async load(path, version, current) {
      loading ??= Promise.all([import('../../src/run/definitions.ts'), actions()]).then(
        ([{ createDefinitions }, shapes]) => createDefinitions(table, shapes),
      );
      return (await loading).load(path, version, current);
    },
  };
}
