import { type ComponentProps, type ReactNode, useId } from 'react';
import styles from './field.module.css';

type FieldFrame = {
  readonly label: string;
  /** What to enter, beside the label. */
  readonly hint?: ReactNode;
  /** What is wrong with it; the server's words or our own. */
  readonly error?: string | undefined;
  readonly required?: boolean;
  /** The label is for screen readers only: something else says what it is. */
  readonly labelHidden?: boolean;
};

type Ids = {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
};

/** Label, hint and error around any control; `children` gets the ids that tie them together. */
export function Field({
  label,
  hint,
  error,
  required = false,
  labelHidden = false,
  children,
}: FieldFrame & { readonly children: (ids: Ids) => ReactNode }) {
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].join(' ').trim();
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={labelHidden ? 'sr-only' : styles.label}>
        {label}
        {required ? null : <span className={styles.optional}> (optional)</span>}
      </label>
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {children({
        id,
        'aria-describedby': described === '' ? undefined : described,
        'aria-invalid': error === undefined ? undefined : true,
      })}
      {error === undefined ? null : (
        <p id={`${id}-error`} className={styles.error}>
          {error}
        </p>
      )}
    </div>
  );
}

export type TextInputProps = FieldFrame &
  Omit<ComponentProps<'input'>, 'id' | 'onChange'> & { readonly onText: (text: string) => void };

export function TextInput({ label, hint, error, required, labelHidden, onText, className, ...rest }: TextInputProps) {
  return (
    <Field {...frame({ label, hint, error, required, labelHidden })}>
      {ids => (
        <input
          type="text"
          autoComplete="off"
          spellCheck={false}
          {...rest}
          {...ids}
          required={required}
          className={`${styles.input} ${className ?? ''}`}
          onChange={event => onText(event.target.value)}
        />
      )}
    </Field>
  );
}

export type TextAreaProps = FieldFrame &
  Omit<ComponentProps<'textarea'>, 'id' | 'onChange'> & { readonly onText: (text: string) => void };

export function TextArea({ label, hint, error, required, labelHidden, onText, className, ...rest }: TextAreaProps) {
  return (
    <Field {...frame({ label, hint, error, required, labelHidden })}>
      {ids => (
        <textarea
          rows={3}
          {...rest}
          {...ids}
          required={required}
          className={`${styles.input} ${styles.area} ${className ?? ''}`}
          onChange={event => onText(event.target.value)}
        />
      )}
    </Field>
  );
}

type SelectOption = { readonly value: string; readonly label: string; readonly group?: string };

export type SelectProps = FieldFrame &
  Omit<ComponentProps<'select'>, 'id' | 'onChange' | 'children'> & {
    /** Those of one group stand together, below its name. */
    readonly options: readonly SelectOption[];
    readonly onText: (value: string) => void;
  };

/** The platform's own list: every keyboard and every telephone knows it. */
export function Select({
  label,
  hint,
  error,
  required,
  labelHidden,
  options,
  onText,
  className,
  ...rest
}: SelectProps) {
  return (
    <Field {...frame({ label, hint, error, required, labelHidden })}>
      {ids => (
        <select
          {...rest}
          {...ids}
          required={required}
          className={`${styles.input} ${styles.select} ${className ?? ''}`}
          onChange={event => onText(event.target.value)}
        >
          {[...Map.groupBy(options, option => option.group)].map(([group, members]) =>
            group === undefined ? (
              members.map(optionOf)
            ) : (
              <optgroup key={group} label={group}>
                {members.map(optionOf)}
              </optgroup>
            ),
          )}
        </select>
      )}
    </Field>
  );
}

const optionOf = ({ value, label }: SelectOption) => (
  <option key={value} value={value}>
    {label}
  </option>
);

export function Checkbox({
  label,
  hint,
  onFlag,
  ...rest
}: Omit<ComponentProps<'input'>, 'type' | 'onChange'> & {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly onFlag: (flag: boolean) => void;
}) {
  const id = useId();
  return (
    <div className={styles.checkbox}>
      <input
        {...rest}
        id={id}
        type="checkbox"
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={event => onFlag(event.target.checked)}
      />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint === undefined ? null : (
          <p id={`${id}-hint`} className={styles.hint}>
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}

/** Only what was given: a prop that is `undefined` is not one that is absent. */
function frame({
  label,
  hint,
  error,
  required,
  labelHidden,
}: { readonly [Key in keyof FieldFrame]: FieldFrame[Key] | undefined } & { readonly label: string }): FieldFrame {
  return {
    label,
    error,
    ...(hint === undefined ? {} : { hint }),
    ...(required === undefined ? {} : { required }),
    ...(labelHidden === undefined ? {} : { labelHidden }),
  };
}
