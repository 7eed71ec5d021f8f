import type { JsonObject } from '../json.ts';
import type { Reference, Template } from '../language/expressions/template.ts';
import { MASK } from './redact/stand-in.ts';
import type { RunSecrets } from './secrets.ts';

/** The contexts that hold secrets for whoever may read them. */
export type SecretContexts = Readonly<Record<'inputs' | 'app', JsonObject>>;

type Templates = readonly (Template | undefined)[];

/** What expressions may see, as it was judged at one moment. */
export type SecretView = {
  readonly contexts: SecretContexts;
  /** Why these may not be evaluated: one of them names a secret that the run may not read. */
  refusal(templates: Templates): string | undefined;
};

export type SecretViews = {
  /** Without any secret: what is evaluated without having been judged gives none away. */
  readonly closed: SecretContexts;
  /** Judged now, once for all of these. Undefined: none of them reads a secret, `closed` is enough. */
  judge(templates: Templates): Promise<SecretView> | undefined;
};

/** `may`: whether the run may open secrets now. */
export function createSecretViews(
  stored: JsonObject,
  { inputs, values, secretValues }: Pick<RunSecrets, 'inputs' | 'values' | 'secretValues'>,
  may: () => Promise<{ readonly allowed: boolean; readonly reason: string }>,
): SecretViews {
  const hidden = Object.fromEntries(Object.keys(inputs).map(name => [name, MASK]));
  const closed: SecretContexts = { inputs: { ...stored, ...hidden }, app: { values } };
  const open: SecretContexts = { inputs: { ...stored, ...inputs }, app: { values: { ...values, ...secretValues } } };
  const names = { inputs: foldedKeys(inputs), values: foldedKeys(secretValues) };
  if (names.inputs.size + names.values.size === 0) return { closed, judge: () => undefined };

  /** `any`: which one is known only when it is evaluated. */
  const secretOf = ({ context, segments }: Reference): 'none' | 'any' | { readonly secret: string } => {
    const path = segments.map(({ name }) => name);
    const among = context === 'inputs' ? names.inputs : names.values;
    if (among.size === 0 || (context !== 'inputs' && context !== 'app')) return 'none';
    if (context === 'app') {
      const part = path.shift();
      if (part !== undefined && part.toLowerCase() !== 'values') return 'none';
    }
    const [name] = path;
    if (name === undefined) return 'any';
    if (!among.has(name.toLowerCase())) return 'none';
    return { secret: `secret ${context === 'inputs' ? 'input' : 'value'} '${name}'` };
  };
  const readBy = (templates: Templates) =>
    templates.flatMap(template => (template === undefined ? [] : referencesOf(template).map(secretOf)));

  const judgeNow = async (): Promise<SecretView> => {
    const { allowed, reason } = await may();
    if (allowed) return { contexts: open, refusal: () => undefined };
    return {
      contexts: closed,
      refusal(templates) {
        const named = readBy(templates).find(read => typeof read === 'object');
        return named === undefined ? undefined : `The run may not read the ${named.secret}: ${reason}.`;
      },
    };
  };
  return { closed, judge: templates => (readBy(templates).every(read => read === 'none') ? undefined : judgeNow()) };
}

/** Names of contexts are read without regard to case. */
const foldedKeys = (values: JsonObject): ReadonlySet<string> =>
  new Set(Object.keys(values).map(key => key.toLowerCase()));

/** A saved definition never changes, so each part of it is walked once. */
const known = new WeakMap<Template, readonly Reference[]>();

function referencesOf(template: Template): readonly Reference[] {
  let references = known.get(template);
  if (references === undefined) {
    references = referencesIn(template);
    known.set(template, references);
  }
  return references;
}

function referencesIn(template: Template): readonly Reference[] {
  switch (template.kind) {
    case 'literal':
      return [];
    case 'expression':
      return template.expression.references;
    case 'text':
      return template.parts.flatMap(part => (typeof part === 'string' ? [] : part.references));
    case 'list':
      return template.items.flatMap(referencesIn);
    case 'map':
      return template.entries.flatMap(([, entry]) => referencesIn(entry));
  }
}
