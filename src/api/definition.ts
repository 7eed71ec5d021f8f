import type { Diagnostic } from '../language/diagnostic.ts';
import type { Pipeline } from '../language/pipeline.ts';
import type { ActionShapes } from '../language/read-pipeline.ts';
import { checkContentType, DEFINITION_TYPES } from './body.ts';
import type { ApiRequest } from './operation.ts';
import { type Refusal, refuse } from './reply.ts';

/** The body as a definition that was found right, with its text as it came. */
export async function readDefinition(
  request: ApiRequest,
  actions: ActionShapes,
): Promise<{ readonly pipeline: Pipeline; readonly text: string } | Refusal> {
  const wrongType = checkContentType(request.headers, DEFINITION_TYPES);
  if (wrongType !== undefined) return wrongType;
  const text = request.body ?? '';
  // Loaded when a definition comes: most requests do without the YAML reader.
  const { readPipeline } = await import('../language/read-pipeline.ts');
  const read = readPipeline(text, { actions });
  return read.ok ? { pipeline: read.pipeline, text } : refuseDefinition(read.diagnostics);
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
