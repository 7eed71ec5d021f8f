import {
  Decoration,
  type DecorationSet,
  type EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';

/** Within a line; expressions over several lines keep the colour of text. */
const marks = new MatchDecorator({
  regexp: /\$\{\{.*?(?:\}\}|$)/g,
  decoration: Decoration.mark({ class: 'cm-expression' }),
});

/** Sets `${{ … }}` off from the text around it. */
export const expressions = ViewPlugin.define(view => new Expressions(view), {
  decorations: plugin => plugin.decorations,
});

class Expressions {
  decorations: DecorationSet;
  constructor(view: EditorView) {
    this.decorations = marks.createDeco(view);
  }
  update(update: ViewUpdate): void {
    this.decorations = marks.updateDeco(update, this.decorations);
  }
}
