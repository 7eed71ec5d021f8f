import { useState } from 'react';
import type { ApiError } from '../../api/client.ts';
import type { Value } from '../../api/types.ts';
import { usePrivateAction } from '../../api/use-private-action.ts';
import type { Send } from '../../api/use-send.ts';
import type { Place } from '../../app/place.ts';
import { Checkbox, FormDialog, say, TextArea, TextInput } from '../../ui/index.ts';
import styles from './access.module.css';

const KEY = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
const NO_KEY = 'Give it a key: pipelines read the value by it.';
const WRONG_KEY = 'Begin with a letter or an underscore; then letters, digits, dots, hyphens and underscores.';

/** Adds a value, or changes one. What is typed is sent and forgotten. */
export function ValueDialog({
  place,
  value,
  onClose,
}: {
  readonly place: Place;
  /** Absent: a new one. */
  readonly value?: Value;
  readonly onClose: () => void;
}) {
  const create = usePrivateAction('createValue', ['listValues']);
  const update = usePrivateAction('updateValue', ['listValues']);
  const [key, setKey] = useState(value?.key ?? '');
  const [text, setText] = useState(value?.value ?? '');
  const [description, setDescription] = useState(value?.description ?? '');
  const [secret, setSecret] = useState(value?.is_secret ?? false);
  const [problem, setProblem] = useState<string>();
  const keepsSecret = value?.is_secret === true && text === '';

  const send: Send = async () => {
    if (!KEY.test(key)) {
      setProblem(key === '' ? NO_KEY : WRONG_KEY);
      return undefined;
    }
    const answer =
      value === undefined
        ? await create.run({ params: place, body: { key, value: text, is_secret: secret, description } })
        : await update.run({
            params: { ...place, key },
            // What was looked at is changed, and not what somebody else has just written.
            headers: { 'if-match': `"${value.etag}"` },
            body: { description, ...(keepsSecret ? {} : { value: text }) },
          });
    if (!answer.ok) return refusal(answer.error);
    say({ title: value === undefined ? 'The value was added' : 'The value was changed' });
    onClose();
    return undefined;
  };
  const refusal = (error: ApiError): ApiError | undefined => {
    if (error.code === 'ETAG_MISMATCH') {
      return { ...error, message: 'Somebody else has changed it since. Close this, look at it again, then decide.' };
    }
    if (error.code !== 'VALUE_KEY_TAKEN') return error;
    setProblem(`The app has a value ${key} already: choose another key, or change that one in the list.`);
    return undefined;
  };
  return (
    <FormDialog
      title={value === undefined ? 'New value' : `Change ${value.key}`}
      act="Save"
      failed="The value was not saved"
      send={send}
      onClose={onClose}
    >
      {value === undefined ? (
        <>
          <TextInput
            label="Key"
            required
            hint="How expressions name it: app.values.KEY."
            value={key}
            maxLength={100}
            error={problem}
            onText={typed => {
              setKey(typed);
              setProblem(undefined);
            }}
          />
          <Checkbox
            label="Secret"
            hint="It is kept sealed and shown to nobody again. This cannot be changed later."
            checked={secret}
            onFlag={setSecret}
          />
        </>
      ) : null}
      <TextArea
        label={value?.is_secret === true ? 'New value' : 'Value'}
        {...(value?.is_secret === true ? { hint: 'Leave it empty to keep the secret as it is.' } : {})}
        value={text}
        autoComplete="off"
        spellCheck={false}
        className={secret ? styles.masked : ''}
        onText={setText}
      />
      <TextInput label="Description" value={description} maxLength={1_000} onText={setDescription} />
    </FormDialog>
  );
}
