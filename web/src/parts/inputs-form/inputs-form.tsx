// Not the package's front door: that one also brings a test registry with a validator which compiles code.
import Form from '@rjsf/core/lib/components/Form.js';
import type { ErrorSchema, RegistryFieldsType, UiSchema } from '@rjsf/utils';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { InertText } from '../inert-text/inert-text.tsx';
import { ChoiceField, FlagField } from './choice-field.tsx';
import { fieldKind, type InputSchema, propertiesOf } from './field-kind.ts';
import { type Broken, FieldContext, type FieldState } from './field-state.ts';
import { FieldTemplate, ObjectFieldTemplate } from './field-template.tsx';
import styles from './inputs-form.module.css';
import { JsonField } from './json-field.tsx';
import { NumberField } from './number-field.tsx';
import { defaultInputs, type FormValue, givenInputs, type Inputs } from './request-body.ts';
import { rjsfValidator } from './rjsf-validator.ts';
import { TextField } from './text-field.tsx';

/** An entry of `details.inputs` of the server's refusal; an empty name: about all inputs. */
export type ServerProblem = { readonly name: string; readonly message: string };

type Props = {
  /** Id of the form, so that a button elsewhere (`form="…"`) can send it. */
  readonly id: string;
  readonly schema: InputSchema;
  /** Instead of the defaults, for example the inputs of an earlier run. */
  readonly initial?: Inputs | undefined;
  readonly serverProblems?: readonly ServerProblem[] | undefined;
  readonly onChange?: ((inputs: Inputs) => void) | undefined;
  /** The paths of inputs in whose fields stands what is no value. The same function each time. */
  readonly onBroken?: ((paths: ReadonlySet<string>) => void) | undefined;
  /** Only called with inputs that fit the schema. */
  readonly onSubmit: (inputs: Inputs) => void;
  /** Buttons below the fields. */
  readonly children?: ReactNode;
};

const FIELDS: RegistryFieldsType<FormValue, InputSchema> = {
  text: TextField,
  number: NumberField,
  flag: FlagField,
  choice: ChoiceField,
  json: JsonField,
};

const TEMPLATES = { FieldTemplate, ObjectFieldTemplate } as const;

/** Asks for the inputs of a run. Load it lazily: it brings the form library and the validator. */
export function InputsForm(props: Props): ReactNode {
  const { id, schema, initial, serverProblems, onChange, onBroken: tellBroken, onSubmit, children } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [data, setData] = useState<FormValue>(() => initial ?? defaultInputs(schema));
  const [broken, setBroken] = useState<ReadonlyMap<string, Broken>>(new Map());
  // Nobody is told off for what they have not come to yet.
  const [tried, setTried] = useState(false);
  // Counts, so that the focus moves after the messages are there.
  const [refusals, setRefusals] = useState(0);
  const bare = useMemo(() => withoutDefaults(schema), [schema]);
  const uiSchema = useMemo(() => uiSchemaOf(schema), [schema]);
  const names = useMemo(() => new Set(propertiesOf(schema).map(([name]) => name)), [schema]);
  const server = useMemo(() => serverErrors(serverProblems ?? [], names), [serverProblems, names]);

  const onBroken = useCallback<FieldState['onBroken']>(({ $id: field, path }, message) => {
    setBroken(before => {
      const next = new Map(before);
      if (message === undefined) next.delete(field);
      else next.set(field, { message, path: path.join('.') });
      return next;
    });
  }, []);
  const shared = useMemo(() => ({ broken, onBroken }), [broken, onBroken]);

  useEffect(() => tellBroken?.(new Set([...broken.values()].map(({ path }) => path))), [broken, tellBroken]);
  useEffect(() => {
    if (serverProblems !== undefined && serverProblems.length > 0) setRefusals(count => count + 1);
  }, [serverProblems]);
  useEffect(() => {
    if (refusals > 0) frame.current?.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]')?.focus();
  }, [refusals]);

  return (
    <FieldContext value={shared}>
      <div ref={frame} className={styles.form}>
        {server.others.length === 0 ? null : (
          <div role="alert" tabIndex={-1} className={styles.error}>
            {server.others.map(message => (
              <p key={message}>
                <InertText text={message} />
              </p>
            ))}
          </div>
        )}
        <Form<FormValue, InputSchema>
          id={id}
          idPrefix={id}
          schema={bare}
          uiSchema={uiSchema}
          formData={data}
          validator={rjsfValidator}
          fields={FIELDS}
          templates={TEMPLATES}
          {...(server.fields === undefined ? {} : { extraErrors: server.fields })}
          showErrorList={false}
          noHtml5Validate
          liveValidate={tried ? 'onChange' : false}
          onChange={({ formData }) => {
            setData(formData);
            onChange?.(givenInputs(schema, formData));
          }}
          onError={() => {
            setTried(true);
            setRefusals(count => count + 1);
          }}
          onSubmit={({ formData }) => {
            setTried(true);
            if (broken.size > 0) setRefusals(count => count + 1);
            else onSubmit(givenInputs(schema, formData));
          }}
        >
          <div className={styles.actions}>{children}</div>
        </Form>
      </div>
    </FieldContext>
  );
}

/** Every field is one of ours; the library keeps their values, checks them and puts the messages where they belong. */
function uiSchemaOf(schema: InputSchema): UiSchema<FormValue, InputSchema> {
  const fields = propertiesOf(schema).map(([name, child]): readonly [string, UiSchema<FormValue, InputSchema>] => {
    const kind = fieldKind(child);
    return [name, kind === 'nested' ? uiSchemaOf(child) : { 'ui:field': kind }];
  });
  return { ...Object.fromEntries(fields), 'ui:submitButtonOptions': { norender: true } };
}

/** The form begins with the defaults and then leaves the fields alone: what somebody has emptied stays empty. */
function withoutDefaults(schema: InputSchema): InputSchema {
  const { default: _, $schema: __, ...rest } = schema;
  const properties = propertiesOf(schema).map(([name, child]) => [name, withoutDefaults(child)] as const);
  return properties.length === 0 ? rest : { ...rest, properties: Object.fromEntries(properties) };
}

function serverErrors(problems: readonly ServerProblem[], names: ReadonlySet<string>) {
  const known = problems.filter(problem => names.has(problem.name));
  // The server's sentence begins with the name; the field says it, too.
  const fields = known.map(({ name, message }) => [name, { __errors: [message.replace(`\`${name}\` `, '')] }] as const);
  // The type is recursive over whatever the form holds; these are the errors of its first level.
  const errors = Object.fromEntries(fields) as ErrorSchema<FormValue>;
  return {
    fields: known.length === 0 ? undefined : errors,
    others: problems.filter(problem => !names.has(problem.name)).map(problem => problem.message),
  };
}
