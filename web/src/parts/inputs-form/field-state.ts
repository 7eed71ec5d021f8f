import type { FieldProps } from '@rjsf/utils';
import { createContext } from 'react';
import type { InputSchema } from './field-kind.ts';
import type { FormValue } from './request-body.ts';

/** `path`: of the input, `labels.team`. */
export type Broken = { readonly message: string; readonly path: string };

/** What the fields share beside their values. */
export type FieldState = {
  /** By id of the field: why its text is no value at all. */
  readonly broken: ReadonlyMap<string, Broken>;
  readonly onBroken: (field: InputField['fieldPathId'], message: string | undefined) => void;
};

export const FieldContext = createContext<FieldState>({ broken: new Map(), onBroken: () => undefined });

export type InputField = FieldProps<FormValue, InputSchema>;

/** The attributes that tie a control to its label, hint and error (`field-template.tsx`). */
export function controlProps({ fieldPathId, rawErrors = [], required = false }: InputField, broken = false) {
  const id = fieldPathId.$id;
  const isWrong = broken || rawErrors.length > 0;
  return {
    id,
    'aria-describedby': isWrong ? `${id}-hint ${id}-error` : `${id}-hint`,
    'aria-invalid': isWrong ? ('true' as const) : undefined,
    'aria-required': required ? ('true' as const) : undefined,
  };
}

/** Of the field itself, whatever rjsf has made of its schema. */
export function setValue({ onChange, fieldPathId }: InputField, value: FormValue): void {
  onChange(value, fieldPathId.path);
}
