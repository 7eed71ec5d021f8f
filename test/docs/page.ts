import { readFileSync } from 'node:fs';

export function readPage(name: string): string {
  return readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
}

/** A fenced block. `info`: what stands behind the opening fence. `line`: of that fence, from 1. */
export type Block = { readonly info: string; readonly text: string; readonly line: number };

export function blocksOf(page: string): readonly Block[] {
  const blocks = page.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(({ index, 1: info = '', 2: text = '' }) => ({
    info,
    text,
    line: page.slice(0, index).split('\n').length,
  }));
}

/** What stands below each heading of a level, up to the next heading of that level or a higher one. */
export function sectionsOf(page: string, level: number): ReadonlyMap<string, string> {
  const sections = new Map<string, string>();
  let open: string | undefined;
  for (const line of withoutBlocks(page)) {
    const [, marks = '', title = ''] = line.heading ?? [];
    if (marks.length > 0 && marks.length <= level) {
      open = marks.length === level ? title : undefined;
      if (open !== undefined) sections.set(open, '');
    } else if (open !== undefined) sections.set(open, `${sections.get(open)}${line.text}\n`);
  }
  return sections;
}

/** The lines of a page; a comment of a definition that begins with `#` is no heading. */
function* withoutBlocks(page: string): Generator<{ readonly text: string; readonly heading: RegExpExecArray | null }> {
  let fenced = false;
  for (const text of page.split('\n')) {
    if (text.startsWith('```')) fenced = !fenced;
    yield { text, heading: fenced ? null : /^(#+) (.*)$/.exec(text) };
  }
}
