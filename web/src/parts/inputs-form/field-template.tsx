import type { FieldTemplateProps, ObjectFieldTemplateProps } from '@rjsf/utils';
import { type ReactNode, useContext } from 'react';
import { InertText } from '../inert-text/inert-text.tsx';
import { fieldKind, type InputSchema } from './field-kind.ts';
import { FieldContext } from './field-state.ts';
import styles from './inputs-form.module.css';
import { limitWords } from './limit-words.ts';
import type { FormValue } from './request-body.ts';

/** Label, what to enter, the control, and what is wrong with it. */
export function FieldTemplate(props: FieldTemplateProps<FormValue, InputSchema>): ReactNode {
  const { id, label, children, schema, required = false, rawErrors = [], fieldPathId } = props;
  const { broken } = useContext(FieldContext);
  if (fieldPathId.path.length === 0) return children;
  const isNested = fieldKind(schema) === 'nested';
  const wrong = broken.get(id)?.message;
  const errors = wrong === undefined ? [...new Set(rawErrors)] : [wrong];
  const description = typeof schema.description === 'string' ? schema.description : undefined;
  return (
    <div className={styles.field}>
      {isNested ? null : (
        <>
          <label htmlFor={id} className={styles.label}>
            <InertText text={label} />{' '}
            <span className={styles.note}>
              {required ? 'required' : 'optional'}
              {limitWords(schema)}
            </span>
          </label>
          <p id={`${id}-hint`} className={styles.hint}>
            {description === undefined ? null : <InertText text={description} />}
          </p>
        </>
      )}
      {children}
      {errors.length === 0 ? null : (
        <p id={`${id}-error`} className={styles.error}>
          {errors.map(error => (
            <span key={error}>
              <InertText text={label} /> <InertText text={error} />
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

/** The form itself, or a map with members that are known. */
export function ObjectFieldTemplate(props: ObjectFieldTemplateProps<FormValue, InputSchema>): ReactNode {
  const { properties, title, schema, fieldPathId } = props;
  const fields = properties.map(({ name, content }) => <div key={name}>{content}</div>);
  if (fieldPathId.path.length === 0) return <div className={styles.fields}>{fields}</div>;
  return (
    <fieldset className={styles.group}>
      <legend>
        <InertText text={title} />
      </legend>
      {typeof schema.description === 'string' ? (
        <p className={styles.hint}>
          <InertText text={schema.description} />
        </p>
      ) : null}
      <div className={styles.fields}>{fields}</div>
    </fieldset>
  );
}
