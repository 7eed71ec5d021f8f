import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  type Completion as Option,
} from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { hoverTooltip, tooltips } from '@codemirror/view';
import { complete } from './complete.ts';
import type { Completion, Known } from './completion.ts';
import { describe } from './describe.ts';
import type { Schema } from './json-shape.ts';

/** Letters from which on help comes only when asked for: each time the whole text is parsed. */
const MAX_UNASKED = 64 * 1024;

/** Pixels. */
const MARGIN = 8;

const TYPES: Readonly<Record<Completion['kind'], string>> = {
  key: 'property',
  value: 'enum',
  job: 'class',
  context: 'variable',
  function: 'function',
};

/** Completion and explanations from the schema of the language, as soon as it is there. Null: it cannot be had. */
export function schemaHelp(schema: () => Promise<Schema | null>, known: () => Known): Extension {
  const source = async (context: CompletionContext): Promise<CompletionResult | null> => {
    const { state, pos, explicit } = context;
    if (!explicit && state.doc.length > MAX_UNASKED) return null;
    const found = await schema();
    if (found === null || context.aborted) return null;
    const offers = complete(found, state.doc.toString(), pos, known());
    if (offers === undefined || offers.options.length === 0) return null;
    // On an empty line nothing pops up by itself: Enter would take an offer instead of making a line.
    if (!explicit && offers.from === pos && !/[.{\s-]/.test(state.sliceDoc(pos - 1, pos).replace('\n', '')))
      return null;
    return {
      from: offers.from,
      to: offers.to,
      options: offers.options.map(optionOf),
      validFor: /^[\w./@:-]*$/,
    };
  };
  const hover = hoverTooltip(async ({ state }, pos) => {
    const found = await schema();
    const description = found === null ? undefined : describe(found, state.doc.toString(), pos);
    if (description === undefined) return null;
    return {
      pos: description.from,
      end: description.to,
      above: true,
      create: () => ({ dom: hoverElement(description.title, description.lines) }),
    };
  });
  return [
    autocompletion({ override: [source], icons: false, maxRenderedOptions: 100 }),
    hover,
    tooltips({ tooltipSpace: windowWithMargin }),
  ];
}

/** Help does not touch the border of a small screen. */
function windowWithMargin() {
  const { innerWidth, innerHeight } = window;
  return { left: MARGIN, top: MARGIN, right: innerWidth - MARGIN, bottom: innerHeight - MARGIN };
}

function optionOf({ label, kind, detail, info, insert }: Completion, index: number): Option {
  return {
    label,
    type: TYPES[kind],
    // Among equally good matches the order of the schema.
    boost: -Math.min(index, 99),
    ...(detail === undefined ? {} : { detail }),
    ...(info === undefined ? {} : { info }),
    ...(insert === undefined ? {} : { apply: insert }),
  };
}

function hoverElement(title: string, lines: readonly string[]): HTMLElement {
  const element = document.createElement('div');
  element.className = 'cm-hover';
  const name = document.createElement('strong');
  name.textContent = title;
  element.append(name, ...lines.map(line => `\n${line}`));
  return element;
}
