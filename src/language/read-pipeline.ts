import { checkIdentity } from './checks/identity.ts';
import { checkNeeds } from './checks/needs-graph.ts';
import { checkReferences } from './checks/references.ts';
import { checkSecrets } from './checks/secrets.ts';
import type { Code } from './codes.ts';
import type { Diagnostic } from './diagnostic.ts';
import { readDocument } from './document/read-document.ts';
import { readDefinition } from './keys/definition.ts';
import { printPath } from './path.ts';
import type { Pipeline } from './pipeline.ts';
import type { Problem } from './problem.ts';
import type { ActionShapes, Reading } from './shape/shape.ts';

export type { ActionShapes };

export type PipelineRead =
  | { readonly ok: true; readonly pipeline: Pipeline }
  /** Sorted by place; at least one. */
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** One answer stays readable, and as small as the definition, whatever is in it. */
const MAX_DIAGNOSTICS = 500;

export type ReadOptions = {
  readonly actions: ActionShapes;
  /** Of a saved version: what every `uses` meant then. Absent: a name without a version means the newest. */
  readonly resolved?: Readonly<Record<string, string>>;
};

/** Reads and checks a definition. The one function of API, command line, web page and editor. */
export function readPipeline(text: string, { actions, resolved = {} }: ReadOptions): PipelineRead {
  const read = readDocument(text);
  if ('diagnostics' in read) return { ok: false, diagnostics: inOrder(read.diagnostics) };
  const { document } = read;
  const problems: Problem[] = [];
  const reading: Reading = {
    actions,
    resolved,
    uses: [],
    tally: { schemas: 0 },
    report: problem => problems.push(problem),
  };
  const root = { path: [], site: {}, reading };
  const { pipeline, jobs, isIdentityUnknown } = readDefinition(document.value, root);
  checkNeeds(jobs);
  checkReferences(pipeline, reading);
  checkSecrets(pipeline, reading.uses, reading.report);
  if (!isIdentityUnknown) checkIdentity(pipeline, root);
  const all = [...document.problems, ...withoutEchoes(problems, document.problems)];
  if (all.length === 0) return { ok: true, pipeline };
  return { ok: false, diagnostics: limit(inOrder(all.slice(0, MAX_DIAGNOSTICS * 4).map(document.diagnose))) };
}

/** What leaves null in the place of a value. */
const UNREADABLE: ReadonlySet<Code> = new Set(['YAML_UNKNOWN_ALIAS', 'INVALID_VALUE']);

/** A value that could not be read fails every check: once is enough. */
function withoutEchoes(problems: readonly Problem[], before: readonly Problem[]): readonly Problem[] {
  const unreadable = new Set(before.filter(({ code }) => UNREADABLE.has(code)).map(({ path }) => printPath(path)));
  return unreadable.size === 0 ? problems : problems.filter(({ path }) => !unreadable.has(printPath(path)));
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function limit(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const shown = diagnostics.slice(0, MAX_DIAGNOSTICS);
  const last = shown.at(-1);
  if (shown.length === diagnostics.length || last === undefined) return shown;
  const message = `there are more problems than these ${MAX_DIAGNOSTICS}; mend them and check again`;
  return [...shown, { ...last, code: 'TOO_MANY_PROBLEMS', message, path: '' }];
}
