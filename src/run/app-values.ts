import type { JsonObject } from '../json.ts';
import type { Reference, Template } from '../language/expressions/template.ts';
import type { Step } from '../language/pipeline.ts';
import type { RunSecrets } from './secrets.ts';

/** What the context `app` holds for one step. `refused`: why it may not run, though it names a secret. */
export type AppView = { readonly app: JsonObject; readonly refused?: string };

export type AppValues = {
  /** Of expressions outside steps, as the run stood when the invocation began. */
  readonly app: JsonObject;
  /** Judged now. Undefined: the step reads no values. */
  viewOf(step: Step, stepId: string): Promise<AppView> | undefined;
};

type Judged = { readonly allowed: boolean; readonly reason: string };

/** Whether the run may open secrets now. `mayStep`: asked for a step by its id, so that a refusal is recorded. */
export async function createAppValues(
  { values, secretValues }: Pick<RunSecrets, 'values' | 'secretValues'>,
  may: () => Promise<Judged>,
  mayStep: (stepId: string) => Promise<Judged>,
): Promise<AppValues> {
  const closed: JsonObject = { values };
  const open: JsonObject = { values: { ...values, ...secretValues } };
  const secretKeys = new Set(Object.keys(secretValues).map(key => key.toLowerCase()));
  if (secretKeys.size === 0) return { app: closed, viewOf: () => undefined };

  const judge = async (named: string | undefined, stepId: string): Promise<AppView> => {
    const { allowed, reason } = await (named === undefined ? may() : mayStep(stepId));
    if (allowed) return { app: open };
    if (named === undefined) return { app: closed };
    return { app: closed, refused: `The run may not read the secret value '${named}': ${reason}.` };
  };
  return {
    app: (await may()).allowed ? open : closed,
    viewOf(step, stepId) {
      const references = referencesOf(step);
      if (references.length === 0) return undefined;
      const named = references.map(({ segments }) => segments[1]?.name).find(key => isIn(secretKeys, key));
      return judge(named, stepId);
    },
  };
}

const isIn = (keys: ReadonlySet<string>, key: string | undefined): boolean =>
  key !== undefined && keys.has(key.toLowerCase());

/** A saved definition never changes, so each step is walked once. */
const known = new WeakMap<Step, readonly Reference[]>();

/** Where a step reads `app`. */
function referencesOf(step: Step): readonly Reference[] {
  let references = known.get(step);
  if (references === undefined) {
    const templates = [step.name, step.if.template, step.continueOnError, step.timeoutMinutes];
    references = [...templates, ...Object.values(step.with)].flatMap(template =>
      template === undefined ? [] : referencesIn(template).filter(({ context }) => context === 'app'),
    );
    known.set(step, references);
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
