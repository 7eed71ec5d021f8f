import type { Diagnostic } from '../language/diagnostic.ts';
import type { Pipeline } from '../language/pipeline.ts';
import type { ActionShapes } from '../language/read-pipeline.ts';
import type { Table } from '../ports/table.ts';
import { findRegistered, registeredName, shapesOf } from '../run/registered-actions.ts';
import { listActions } from '../store/actions.ts';
import { checkContentType, DEFINITION_TYPES } from './body.ts';
import type { ApiDependencies, ApiRequest } from './operation.ts';
import { type Refusal, refuse } from './reply.ts';

/** A definition that was found right. */
export type ReadDefinition = {
  readonly pipeline: Pipeline;
  /** As it came. */
  readonly text: string;
  /** What every `uses` means now. */
  readonly resolved: Readonly<Record<string, string>>;
};

/** The body as a definition of this org. */
export async function readDefinition(
  { table, actions }: Pick<ApiDependencies, 'table' | 'actions'>,
  request: ApiRequest,
  org: string,
): Promise<ReadDefinition | Refusal> {
  const wrongType = checkContentType(request.headers, DEFINITION_TYPES);
  if (wrongType !== undefined) return wrongType;
  const text = request.body ?? '';
  // Loaded when a definition comes: most requests do without the YAML reader.
  const [{ readPipeline }, builtIn] = await Promise.all([import('../language/read-pipeline.ts'), actions()]);
  const first = readPipeline(text, { actions: builtIn });
  // Actions of the org are looked up when something is named that is not built in: few definitions do.
  const foreign = !first.ok && first.diagnostics.some(({ code }) => code === 'UNKNOWN_ACTION');
  const read = foreign ? readPipeline(text, { actions: await shapesFor(table, org, text, builtIn) }) : first;
  if (!read.ok) return refuseDefinition(read.diagnostics);
  const { resolvedUses } = await import('../language/named-actions.ts');
  return { pipeline: read.pipeline, text, resolved: resolvedUses(read.pipeline) };
}

/** Names that a message about an unknown action may hint at. */
const HINTS = 100;

/** What is built in, and what the definition names of its org; where something is missing, what it may have meant. */
async function shapesFor(table: Table, org: string, text: string, builtIn: ActionShapes): Promise<ActionShapes> {
  const { namedActions } = await import('../language/named-actions.ts');
  const named = namedActions(text);
  const found = await findRegistered(table, org, named);
  const missing = named.some(({ name, version }) => {
    const known = [...found.values()].some(
      action => action.name === name && (version === undefined || action.version === version),
    );
    return !known && name.startsWith(registeredName(org, ''));
  });
  if (!missing) return shapesOf(builtIn, found);
  const { records } = await listActions(table, org, HINTS);
  const near = await findRegistered(
    table,
    org,
    records.map(({ name }) => ({ name: registeredName(org, name) })),
  );
  return shapesOf(builtIn, new Map([...near, ...found]));
}

function refuseDefinition(diagnostics: readonly Diagnostic[]): Refusal {
  const [first] = diagnostics;
  if (first === undefined) throw new Error('a definition was refused without a diagnostic');
  const more = diagnostics.length - 1;
  const rest = more === 0 ? '' : ` (and ${more} more problem${more === 1 ? '' : 's'}, see details.diagnostics)`;
  return refuse('INVALID_DEFINITION', `Line ${first.line}, column ${first.column}: ${first.message}${rest}`, {
    details: { diagnostics: diagnostics.map(found => ({ ...found })) },
  });
}
