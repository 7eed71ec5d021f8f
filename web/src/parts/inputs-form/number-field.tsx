import { type ReactNode, useContext, useState } from 'react';
import { controlProps, FieldContext, type InputField, setValue } from './field-state.ts';
import styles from './inputs-form.module.css';
import { Unset } from './unset.tsx';

/** A number as it is typed: what is no number yet stays there and is said to be none. */
export function NumberField(props: InputField): ReactNode {
  const { formData, schema, fieldPathId } = props;
  const { broken, onBroken } = useContext(FieldContext);
  const [text, setText] = useState(() => textOf(formData));
  // Typing `1.` or `1e` must not be undone by the number that it is so far.
  const shown =
    Number(text) === formData || broken.has(fieldPathId.$id) || formData === undefined ? text : textOf(formData);
  const onText = (typed: string) => {
    setText(typed);
    const number = Number(typed);
    const isNumber = typed.trim() !== '' && Number.isFinite(number);
    onBroken(
      fieldPathId,
      isNumber || typed.trim() === ''
        ? undefined
        : `must be ${schema.type === 'integer' ? 'a whole number' : 'a number'}`,
    );
    setValue(props, isNumber ? number : undefined);
  };
  return (
    <div className={styles.control}>
      <input
        {...controlProps(props, broken.has(fieldPathId.$id))}
        type="text"
        inputMode={schema.type === 'integer' ? 'numeric' : 'decimal'}
        autoComplete="off"
        className={styles.input}
        placeholder="Not set"
        value={shown}
        onChange={event => onText(event.target.value)}
      />
      <Unset field={props} onUnset={() => onText('')} />
    </div>
  );
}

function textOf(value: InputField['formData']): string {
  return typeof value === 'number' ? String(value) : '';
}
