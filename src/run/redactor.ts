import type { Json, JsonObject } from '../json.ts';
import { compileTexts, type Range } from './redact/find-texts.ts';
import { leavesOf } from './redact/leaves.ts';
import { formsOf } from './redact/secret-forms.ts';
import { MASK } from './redact/stand-in.ts';
import { viewsOf } from './redact/views.ts';

/** Takes secrets out of what leaves a run. What holds none comes back as it is, the very same object. */
export type Redactor = {
  text(text: string): string;
  /** Masks names too, and numbers that are a secret; lists and maps keep their places. */
  json<T extends Json>(value: T): T;
};

/** It also gets to know secrets that are opened on the way. */
export type LearningRedactor = Redactor & { learn(secret: string): void };

export function createLearningRedactor(secrets: readonly string[]): LearningRedactor {
  const known = [...secrets];
  let current = createRedactor(known);
  return {
    text: text => current.text(text),
    json: value => current.json(value),
    learn(secret) {
      if (known.includes(secret)) return;
      known.push(secret);
      current = createRedactor(known);
    },
  };
}

/** A secret is found raw, escaped for URLs, JSON and HTML and in base64 at any alignment, and so is each line of a larger one, and each leaf of JSON. */
export function createRedactor(secrets: readonly string[]): Redactor {
  if (secrets.every(secret => secret === '')) return { text: text => text, json: value => value };
  const find = compileTexts(
    secrets.flatMap(secret => [secret, ...leavesOf(secret)]).flatMap(text => [...formsOf(text)]),
  );

  const text = (source: string): string => {
    const found: Range[] = [];
    for (const { text: decoded, places } of viewsOf(source)) {
      for (const { start, end } of find(decoded)) {
        found.push(places === undefined ? { start, end } : rangeOf(places, start, end));
      }
    }
    return found.length === 0 ? source : cover(source, found);
  };

  const map = (value: JsonObject): JsonObject => {
    let changed = false;
    const entries = new Map<string, Json>();
    for (const [name, entry] of Object.entries(value)) {
      const [shownName, shown] = [freeName(text(name), entries), json(entry)];
      changed ||= shownName !== name || shown !== entry;
      entries.set(shownName, shown);
    }
    return changed ? Object.fromEntries(entries) : value;
  };

  const json = (value: Json): Json => {
    if (typeof value === 'string') return text(value);
    // Otherwise a secret of digits leaves as `fromJSON` of itself.
    if (typeof value === 'number') return text(String(value)) === String(value) ? value : MASK;
    if (typeof value !== 'object' || value === null) return value;
    if (!isList(value)) return map(value);
    const items = value.map(json);
    return items.some((item, index) => item !== value[index]) ? items : value;
  };

  // as: what is masked has the kind it had, but for a number, which callers take for JSON anyway
  return { text, json: value => json(value) as typeof value };
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const rangeOf = (
  places: { readonly starts: Int32Array; readonly ends: Int32Array },
  start: number,
  end: number,
): Range => ({ start: places.starts[start] ?? 0, end: places.ends[end - 1] ?? 0 });

/** Ranges that overlap or touch become one mask: how many secrets there were is nobody's business. */
function cover(source: string, found: readonly Range[]): string {
  let shown = '';
  let at = 0;
  for (const { start, end } of found.toSorted((one, other) => one.start - other.start)) {
    if (end <= at) continue;
    if (start > at || at === 0) shown += source.slice(at, start) + MASK;
    at = end;
  }
  return shown + source.slice(at);
}

/** Two names that held secrets must not become one. */
function freeName(name: string, taken: ReadonlyMap<string, Json>): string {
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name} (${count})`;
  return free;
}
