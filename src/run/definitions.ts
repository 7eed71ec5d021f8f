import type { Pipeline } from '../language/pipeline.ts';
import { type ActionShapes, readPipeline } from '../language/read-pipeline.ts';
import type { Table } from '../ports/table.ts';
import type { PipelinePath } from '../store/pipelines.ts';
import { getVersion, type VersionRecord } from '../store/versions.ts';

export type Definition = { readonly version: VersionRecord; readonly pipeline: Pipeline };

/** Saved versions, read and compiled once per process: they never change. */
export type Definitions = {
  /** `current`: what the pipeline points at. Undefined: there is no such version of this pipeline. */
  load(path: PipelinePath, version: string, current?: string): Promise<Definition | undefined>;
};

/** Characters of definitions kept; the least recently used go first. Compiled, they take some ten times as much memory. */
const CACHE_CHARACTERS = 4 * 1_024 * 1_024;

export function createDefinitions(table: Table, actions: ActionShapes): Definitions {
  const cache = new Map<string, Definition>();
  let characters = 0;
  return {
    async load(path, version, current) {
      const key = `${path.org}/${path.app}/${path.pipeline}/${version}`;
      const known = cache.get(key);
      if (known !== undefined) {
        cache.delete(key);
        cache.set(key, known);
        return known;
      }
      const record = await getVersion(table, path, version, current);
      if (record === undefined) return undefined;
      const read = readPipeline(record.text, { actions });
      if (!read.ok) {
        throw new Error(`saved version ${key} is refused: ${read.diagnostics.map(found => found.message).join('; ')}`);
      }
      const definition: Definition = { version: record, pipeline: read.pipeline };
      cache.set(key, definition);
      characters += record.text.length;
      for (const [oldest, dropped] of cache) {
        if (characters <= CACHE_CHARACTERS || oldest === key) break;
        cache.delete(oldest);
        characters -= dropped.version.text.length;
      }
      return definition;
    },
  };
}
