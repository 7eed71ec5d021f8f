import { type ReactNode, useContext, useState } from 'react';
import type { Json } from '../../api/types.ts';
import { controlProps, FieldContext, type InputField, setValue } from './field-state.ts';
import styles from './inputs-form.module.css';
import { Unset } from './unset.tsx';

/** Any value, as JSON text. */
export function JsonField(props: InputField): ReactNode {
  const { formData, schema, fieldPathId } = props;
  const { broken, onBroken } = useContext(FieldContext);
  const [text, setText] = useState(() => (formData === undefined ? '' : JSON.stringify(formData, null, 2)));
  const onText = (typed: string) => {
    setText(typed);
    const read = readJson(typed, schema.type);
    onBroken(fieldPathId, read.problem);
    setValue(props, read.value);
  };
  return (
    <div className={styles.control}>
      <textarea
        {...controlProps(props, broken.has(fieldPathId.$id))}
        rows={Math.min(10, Math.max(2, text.split('\n').length))}
        spellCheck={false}
        className={`${styles.input} ${styles.code}`}
        placeholder={`Not set; for example ${EXAMPLES[String(schema.type)] ?? '"text", 1, true, […] or {…}'}`}
        value={text}
        onChange={event => onText(event.target.value)}
      />
      <Unset field={props} onUnset={() => onText('')} />
    </div>
  );
}

const EXAMPLES: Readonly<Record<string, string>> = { array: '["a", "b"]', object: '{"key": "value"}' };

/** No text is no value; what is no JSON is told why. */
function readJson(text: string, type: unknown): { readonly value?: Json; readonly problem?: string } {
  if (text.trim() === '') return {};
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const example = EXAMPLES[String(type)] ?? '"text" (texts need quotes)';
    return { problem: `is not JSON; write for example ${example}` };
  }
}
