import type { ReactNode } from 'react';
import { controlProps, type InputField, setValue } from './field-state.ts';
import styles from './inputs-form.module.css';

/** One of a list. The places of the options are their values, because `1` and `"1"` are two options. */
export function ChoiceField(props: InputField): ReactNode {
  const { schema, formData, required = false } = props;
  const options = Array.isArray(schema.enum) ? schema.enum : [];
  return (
    <Choice
      field={props}
      options={options.map(option => ({ label: option === '' ? '(empty text)' : String(option), value: option }))}
      chosen={options.indexOf(formData)}
      unset={required ? 'Choose' : 'Not set'}
    />
  );
}

/** True, false, or neither. */
export function FlagField(props: InputField): ReactNode {
  const { formData, required = false } = props;
  const options = [
    { label: 'true', value: true },
    { label: 'false', value: false },
  ] as const;
  return (
    <Choice
      field={props}
      options={options}
      chosen={options.findIndex(option => option.value === formData)}
      unset={required ? 'Choose' : 'Not set'}
    />
  );
}

type Props = {
  readonly field: InputField;
  readonly options: readonly { readonly label: string; readonly value: InputField['formData'] }[];
  readonly chosen: number;
  readonly unset: string;
};

function Choice({ field, options, chosen, unset }: Props): ReactNode {
  return (
    <select
      {...controlProps(field)}
      className={styles.input}
      value={chosen}
      onChange={event => setValue(field, options[Number(event.target.value)]?.value)}
    >
      <option value={-1}>{unset}</option>
      {options.map((option, index) => (
        <option key={option.label} value={index}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
