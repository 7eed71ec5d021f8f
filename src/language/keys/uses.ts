import { didYouMean } from '../near-name.ts';
import { type ActionShapes, type Place, report, type Shape } from '../shape/shape.ts';
import { text } from '../shape/values.ts';
import { quoteAll } from '../words.ts';

/** `written`: as the author has it. `action`: the key of what it means; absent when there is no such action. */
export type Uses = { readonly written: string; readonly name: string; readonly action?: string };

const written = text({ min: 1, max: 200 });

/** `actions/humanitec/log@v1`, the same without a version (the newest), and either behind `native://`. */
const FORM = /^(?:native:\/\/)?(?<name>[^@]+?)(?:@v(?<version>[1-9]\d{0,5}))?$/;

export const uses: Shape<Uses> = {
  schema: { type: 'string', minLength: 1 },
  read: (value, place) => {
    const source = written.read(value, place);
    if (source === undefined || source.length === 0 || source.length > 200) return { written: '', name: '' };
    return resolve(source, place);
  },
};

/** What is written behind `uses`, in its parts. */
export function readUses(source: string): { readonly name: string; readonly version?: number } {
  const { name = source, version } = FORM.exec(source)?.groups ?? {};
  return version === undefined ? { name } : { name, version: Number(version) };
}

function resolve(source: string, place: Place): Uses {
  const { name, version } = readUses(source);
  const { actions, resolved } = place.reading;
  const saved = Object.hasOwn(resolved, source) ? resolved[source] : undefined;
  const key = saved ?? (version === undefined ? newest(name, actions) : `${name}@v${version}`);
  if (key !== undefined && actions.has(key)) return { written: source, name, action: key };
  const other = newest(name, actions);
  const message = `there is no action \`${source}\``;
  if (other !== undefined) report(place, { code: 'UNKNOWN_ACTION', message, hint: () => `did you mean \`${other}\`?` });
  else {
    const known = actions.size === 0 ? '' : `; there are ${quoteAll([...actions.keys()])}`;
    const hint = didYouMean(source, candidates(source, actions));
    report(place, { code: 'UNKNOWN_ACTION', message: `${message}${known}`, hint });
  }
  return { written: source, name };
}

function newest(name: string, actions: ActionShapes): string | undefined {
  const versions = [...actions.keys()]
    .filter(key => key.startsWith(`${name}@v`))
    .map(key => Number(key.slice(name.length + 2)));
  return versions.length === 0 ? undefined : `${name}@v${Math.max(...versions)}`;
}

/** Compared in the form that the author used. */
function candidates(source: string, actions: ActionShapes): string[] {
  const prefix = source.startsWith('native://') ? 'native://' : '';
  return [...actions.keys()].map(key => `${prefix}${source.includes('@') ? key : key.replace(/@v\d+$/, '')}`);
}
