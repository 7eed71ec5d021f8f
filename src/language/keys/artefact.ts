import type { Json } from '../../json.ts';
import type { ArtefactTrigger } from '../pipeline.ts';
import { patternWeight } from '../schema/pattern-weight.ts';
import { choice } from '../shape/choice.ts';
import { listOf } from '../shape/collections.ts';
import { fieldsSchema, readFields } from '../shape/fields.ts';
import { inside, type Place, report, type Shape } from '../shape/shape.ts';
import { text } from '../shape/values.ts';
import { checkPattern } from './input-schema.ts';

const TYPES = ['workload', 'container'] as const;

type ArtefactType = (typeof TYPES)[number];

/** The input of a run that an artefact of this type starts. */
export const ARTEFACT_INPUTS: Readonly<Record<ArtefactType, string>> = {
  workload: 'workload_artefacts',
  container: 'container_artefacts',
};

const MAX_PATTERNS = 100;

/** Steps per character that all patterns of a trigger may take together: every push is matched by every pipeline. */
const MAX_WEIGHT = 2_000;

const words = text({ min: 1, max: 1000 });

/** A regular expression, as in `registry.example.com/my-org/service-.*`. */
const pattern: Shape<string | undefined> = {
  schema: words.schema,
  read: (value: Json | undefined, place: Place) => {
    const given = words.read(value, place);
    if (given !== undefined && !given.includes('${{')) checkPattern(given, place);
    return given;
  },
};

const FIELDS = {
  type: {
    shape: choice(TYPES, 'type of artefact'),
    required: true,
    description: 'Which artefacts: `workload` (Score) or `container` (images).',
  },
  include: {
    shape: listOf(pattern, { min: 1, max: MAX_PATTERNS, noun: 'pattern' }),
    required: true,
    description: 'Regular expressions (RE2); the name of the artefact matches one of them.',
  },
  'match-ref': {
    shape: pattern,
    description: 'A regular expression (RE2) that the git reference of the artefact matches. Default: any.',
  },
} as const;

export const artefact: Shape<ArtefactTrigger | undefined> = {
  schema: fieldsSchema(FIELDS),
  read: (value, place) => {
    if (value === undefined) return undefined;
    const fields = readFields(FIELDS, '`artefact`', value, place);
    const patterns = [...fields.include, fields['match-ref']].filter(one => one !== undefined);
    const weight = patterns.reduce((sum, one) => sum + patternWeight(one), 0);
    if (weight > MAX_WEIGHT) {
      const message = `the patterns of \`include\` and \`match-ref\` repeat too much together (${weight}; at most ${MAX_WEIGHT}); write fewer or shorter ones`;
      report(inside(place, 'include'), { code: 'INVALID_VALUE', message });
    }
    return {
      type: fields.type ?? 'workload',
      include: fields.include.flatMap(one => one ?? []),
      ...(fields['match-ref'] === undefined ? {} : { matchRef: fields['match-ref'] }),
    };
  },
};
