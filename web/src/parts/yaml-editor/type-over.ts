import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

/**
 * Replaces a selection itself, before the browser does. Chromium joins the lines that are left over by way of markup with
 * style attributes, which the content security policy refuses and reports. CodeMirror does the same at the start of a
 * composition, where an event cannot be prevented.
 */
export const typeOver: Extension = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (!event.cancelable || view.composing) return false;
    // A text that is only read has a cursor, too.
    if (view.state.readOnly) return true;
    const { main } = view.state.selection;
    const text = event.inputType === 'insertText' ? event.data : event.inputType.startsWith('delete') ? '' : null;
    if (main.empty || text === null) return false;
    const replace = () =>
      view.state.update(view.state.replaceSelection(view.state.toText(text)), {
        userEvent: text === '' ? 'delete.selection' : 'input.type',
        scrollIntoView: true,
      });
    // A bracket, for example, is put around the selection.
    const isHandled = view.state
      .facet(EditorView.inputHandler)
      .some(handle => handle(view, main.from, main.to, text, replace));
    if (!isHandled) view.dispatch(replace());
    return true;
  },
});
