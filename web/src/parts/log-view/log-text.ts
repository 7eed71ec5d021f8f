import { shownLine } from './find-hits.ts';
import type { LinePlace, LogSection } from './log-line.ts';

export type LineRange = { readonly section: string; readonly from: number; readonly to: number };

/** From one line to another of the same section, in either order; of another section only the second. */
export function rangeOf(anchor: LinePlace | undefined, to: LinePlace): LineRange {
  const from = anchor?.section === to.section ? anchor.line : to.line;
  return { section: to.section, from: Math.min(from, to.line), to: Math.max(from, to.line) };
}

/** The log as plain text: for the clipboard and the file. Escape sequences are gone, unseen characters are named. */
export function logText(sections: readonly LogSection[], withTimes: boolean, range?: LineRange): string {
  const shown = range === undefined ? sections : sections.filter(section => section.id === range.section);
  return shown
    .flatMap(({ title, lines }) => {
      const taken = range === undefined ? lines : lines.slice(range.from - 1, range.to);
      const texts = taken.map(line => {
        const level = line.level === 'info' ? '' : `${line.level.toUpperCase()} `;
        return `${withTimes ? `${line.at} ` : ''}${level}${shownLine(line)}\n`;
      });
      return range === undefined && sections.length > 1 ? [`## ${title}\n`, ...texts] : texts;
    })
    .join('');
}
