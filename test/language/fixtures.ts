import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { ActionShapes } from '../../src/language/read-pipeline.ts';

const HOME = new URL('../fixtures/language/', import.meta.url);

/** Actions as definitions in fixtures use them; the registry may grow without them. */
export const actions: ActionShapes = new Map(Object.entries(load<Record<string, Shape>>('actions.json')));

type Shape = ActionShapes extends ReadonlyMap<string, infer S> ? S : never;

/** A file of a table, with the type that its runner expects. JSON is YAML too. */
export function load<T>(path: string): T {
  return parse(readFileSync(new URL(path, HOME), 'utf8')) as T; // What is in a fixture, its runner knows.
}

/** Every table of a folder by the name of its file. */
export function loadFolder<T>(folder: string): readonly (readonly [name: string, table: T])[] {
  const files = readdirSync(new URL(folder, HOME)).toSorted();
  return files.map(file => [file.replace(/\.\w+$/, ''), load<T>(`${folder}/${file}`)]);
}
