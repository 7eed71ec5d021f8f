import { setDiagnostics } from '@codemirror/lint';
import { Annotation } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Known } from './completion.ts';
import { onlyReading, reading, writing } from './extensions.ts';
import type { Schema } from './json-shape.ts';
import { type Problem, problemRange } from './problem.ts';
import { ProblemList } from './problem-list.tsx';
import { schemaHelp } from './schema-help.ts';
import { shadowRootOf } from './shadow-root.ts';
import { setTargetLine, targetLine } from './target-line.ts';
import styles from './yaml-editor.module.css';

type Props = {
  readonly value: string;
  /** Absent: it can be read only. */
  readonly onChange?: ((value: string) => void) | undefined;
  /** Read out, for example "Definition". */
  readonly label: string;
  /** JSON Schema of the language, for completion and explanations; may come later. Null: it cannot be had. */
  readonly schema?: Schema | null | undefined;
  readonly known?: Known | undefined;
  readonly problems?: readonly Problem[] | undefined;
  /** From 1: the line that a link led to. */
  readonly target?: number | undefined;
  /** Address of a line, for the link below the text. */
  readonly hrefOf?: ((line: number) => string) | undefined;
  /** The link to a line, or its number in the gutter, was clicked. */
  readonly onLine?: ((line: number) => void) | undefined;
};

/** Set by the host, so not told to the host. */
const fromOutside = Annotation.define<true>();

/** A definition with line numbers, search, completion and marked mistakes. Load it lazily: it brings CodeMirror. */
export function YamlEditor(props: Props): ReactNode {
  const { value, onChange, label, schema, problems = [], target, hrefOf, onLine } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef(props);
  latest.current = props;
  // Told to the host, and not yet come back from it: whoever types fast is ahead of what the host renders.
  const told = useRef<readonly string[]>([]);
  const waiting = useRef<((schema: Schema | null) => void)[]>([]);
  const [cursor, setCursor] = useState({ line: 1, column: 1 });
  const canWrite = onChange !== undefined;

  useEffect(() => {
    if (schema === undefined) return;
    for (const tell of waiting.current.splice(0)) tell(schema);
  }, [schema]);

  useEffect(() => {
    if (host.current === null) return;
    const whenThere = () =>
      new Promise<Schema | null>(tell => {
        const { current } = latest;
        if (current.schema === undefined) waiting.current.push(tell);
        else tell(current.schema);
      });
    const root = shadowRootOf(host.current);
    const name = canWrite ? `${label}. Tab indents; Escape, then Tab leaves the editor.` : label;
    const editor = new EditorView({
      doc: latest.current.value,
      root,
      parent: root,
      extensions: [
        canWrite ? [writing(), schemaHelp(whenThere, () => latest.current.known ?? {})] : onlyReading(),
        reading(name),
        targetLine,
        EditorView.updateListener.of(update => {
          if (update.docChanged && !update.transactions.some(one => one.annotation(fromOutside))) {
            const text = update.state.doc.toString();
            told.current = [...told.current, text];
            latest.current.onChange?.(text);
          }
          if (!update.docChanged && !update.selectionSet) return;
          const { head } = update.state.selection.main;
          const line = update.state.doc.lineAt(head);
          setCursor({ line: line.number, column: head - line.from + 1 });
        }),
      ],
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = undefined;
    };
  }, [canWrite, label]);

  useEffect(() => {
    const { current } = view;
    if (current === undefined) return;
    const echo = told.current.lastIndexOf(value);
    told.current = told.current.slice(echo + 1);
    if (echo !== -1 || current.state.doc.toString() === value) return;
    told.current = [];
    const { length } = current.state.doc;
    current.dispatch({ changes: { from: 0, to: length, insert: value }, annotations: fromOutside.of(true) });
  }, [value]);

  useEffect(() => {
    const { current } = view;
    if (current === undefined) return;
    const text = current.state.doc.toString();
    const marks = problems.map(problem => {
      const { message, hint, code } = problem;
      return {
        ...problemRange(text, problem),
        severity: 'error' as const,
        source: code,
        message: hint === undefined ? message : `${message} (${hint})`,
      };
    });
    current.dispatch(setDiagnostics(current.state, marks));
  }, [problems]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a text that came later has the line, too
  useEffect(() => {
    const { current } = view;
    if (current === undefined) return;
    const { doc } = current.state;
    const line = target !== undefined && target >= 1 && target <= doc.lines ? doc.line(target) : undefined;
    current.dispatch({
      // The status below the text, and its link, are about this line then; whoever writes keeps their cursor.
      ...(line === undefined || canWrite ? {} : { selection: { anchor: line.from } }),
      effects: [
        setTargetLine.of(line?.number ?? 0),
        ...(line === undefined ? [] : [EditorView.scrollIntoView(line.from, { y: 'center' })]),
      ],
    });
  }, [target, value, canWrite]);

  const goTo = (problem: Problem) => {
    const { current } = view;
    if (current === undefined) return;
    const { from } = problemRange(current.state.doc.toString(), problem);
    current.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    current.focus();
  };

  return (
    <div className={styles.frame}>
      <div ref={host} className={styles.editor} />
      <div className={styles.status}>
        <span className={styles.place}>
          Line {cursor.line}, column {cursor.column}
        </span>
        {hrefOf === undefined ? null : (
          <a
            href={hrefOf(cursor.line)}
            onClick={event => {
              if (onLine === undefined || event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              onLine(cursor.line);
            }}
          >
            Link to line {cursor.line}
          </a>
        )}
        {canWrite ? (
          <span className={styles.keys}>Ctrl+Space: suggestions · F8: next problem · Escape, then Tab: leave</span>
        ) : null}
      </div>
      {problems.length === 0 ? null : <ProblemList problems={problems} onChoose={goTo} />}
    </div>
  );
}
