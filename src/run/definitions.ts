import type { RegisteredAction } from '../actions/action.ts';
import type { Pipeline } from '../language/pipeline.ts';
import { type ActionShapes, readPipeline } from '../language/read-pipeline.ts';
import type { Table } from '../ports/table.ts';
import type { PipelinePath } from '../store/pipelines.ts';
import { getVersion, type VersionRecord } from '../store/versions.ts';
import { readRegistered, shapesOf } from './registered-actions.ts';

export type Definition = {
  readonly version: VersionRecord;
  readonly pipeline: Pipeline;
  /** Actions of the org that it uses, in the versions that it was saved with, by their keys. */
  readonly registered: ReadonlyMap<string, RegisteredAction>;
};

/** Saved versions, read and compiled once per process: they never change. */
export type Definitions = {
  /**
   * `current`: what the pipeline points at. Undefined: there is no such version of this pipeline.
   * @throws {Error} named `UnreadableDefinition` when this release of the product refuses what an earlier one saved.
   */
  load(path: PipelinePath, version: string, current?: string): Promise<Definition | undefined>;
};

/** Characters of definitions kept; the least recently used go first. Compiled, they take some ten times as much memory. */
const CACHE_CHARACTERS = 4 * 1_024 * 1_024;

export function createDefinitions(table: Table, actions: ActionShapes): Definitions {
  /** Promises, so that those who ask at the same time read and compile once. */
  const cache = new Map<string, { readonly loading: Promise<Definition | undefined>; characters: number }>();
  let characters = 0;

  const forget = (key: string): void => {
    characters -= cache.get(key)?.characters ?? 0;
    cache.delete(key);
  };

  const read = async (path: PipelinePath, version: string, current?: string): Promise<Definition | undefined> => {
    const record = await getVersion(table, path, version, current);
    if (record === undefined) return undefined;
    const { resolved } = record;
    const registered = await readRegistered(table, path.org, Object.values(resolved), actions);
    const read = readPipeline(record.text, { actions: shapesOf(actions, registered), resolved });
    if (read.ok) return { version: record, pipeline: read.pipeline, registered };
    const reasons = read.diagnostics.map(found => found.message).join('; ');
    throw unreadable(`saved version ${version} of ${path.org}/${path.app}/${path.pipeline} is refused: ${reasons}`);
  };

  return {
    async load(path, version, current) {
      const key = `${path.org}/${path.app}/${path.pipeline}/${version}`;
      const known = cache.get(key);
      if (known !== undefined) {
        cache.delete(key);
        cache.set(key, known);
        return known.loading;
      }
      const entry = { loading: read(path, version, current), characters: 0 };
      cache.set(key, entry);
      try {
        const definition = await entry.loading;
        // Only what is there is kept: what is not may come to be.
        if (definition === undefined) {
          forget(key);
          return undefined;
        }
        // Forgotten meanwhile: it counts no more.
        if (cache.get(key) !== entry) return definition;
        entry.characters = definition.version.text.length;
        characters += entry.characters;
        for (const oldest of cache.keys()) {
          if (characters <= CACHE_CHARACTERS || oldest === key) break;
          forget(oldest);
        }
        return definition;
      } catch (error) {
        forget(key);
        throw error;
      }
    },
  };
}

function unreadable(message: string): Error {
  const error = new Error(message);
  error.name = 'UnreadableDefinition';
  return error;
}
