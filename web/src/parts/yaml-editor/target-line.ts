import { type Extension, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';

/** From 1; 0: none. */
export const setTargetLine = StateEffect.define<number>();

const mark = Decoration.line({ class: 'cm-target' });

/** Sets off the line that a link led to. */
export const targetLine: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setTargetLine)) continue;
      const { doc } = transaction.state;
      const isThere = effect.value >= 1 && effect.value <= doc.lines;
      next = isThere ? Decoration.set(mark.range(doc.line(effect.value).from)) : Decoration.none;
    }
    return next;
  },
  provide: field => EditorView.decorations.from(field),
});
