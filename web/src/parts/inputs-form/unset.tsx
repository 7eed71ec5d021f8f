import type { ReactNode } from 'react';
import { type InputField, setValue } from './field-state.ts';
import styles from './inputs-form.module.css';

/** Gives nothing, which is something else than an empty text. Keeps its place when there is nothing to take back. */
export function Unset({ field, onUnset }: { readonly field: InputField; readonly onUnset?: () => void }): ReactNode {
  const { formData, label, name, required = false, fieldPathId } = field;
  if (required) return null;
  return (
    <button
      type="button"
      className={`${styles.more} ${formData === undefined ? styles.nothing : ''}`}
      aria-label={`Do not set ${String(label ?? name)}`}
      onClick={() => {
        setValue(field, undefined);
        onUnset?.();
        // The button goes, and the focus would go with it.
        document.getElementById(fieldPathId.$id)?.focus();
      }}
    >
      Do not set
    </button>
  );
}
