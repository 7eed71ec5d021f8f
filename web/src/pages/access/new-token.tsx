import { useState } from 'react';
import type { ApiError } from '../../api/client.ts';
import { usePrivateAction } from '../../api/use-private-action.ts';
import type { Send } from '../../api/use-send.ts';
import { Button, CodeBlock, CopyButton, Dialog, FormDialog, Select, TextInput } from '../../ui/index.ts';
import styles from './access.module.css';

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const DAY = 86_400_000;

/** What the server takes when nobody says how long. */
const USUAL = 'usual';

const LIVES = [
  { value: '7', label: 'in 7 days' },
  { value: '30', label: 'in 30 days' },
  { value: USUAL, label: 'in 90 days, or with the token that you use now' },
  { value: '365', label: 'in a year' },
  { value: 'day', label: 'on a day that I choose' },
  { value: 'never', label: 'never (administrators only)' },
];

/** Asks what the token is for and how long it lasts; then shows it, this once. */
export function NewToken({
  user,
  taken,
  onClose,
}: {
  readonly user: string;
  readonly taken: readonly string[];
  readonly onClose: () => void;
}) {
  const { run } = usePrivateAction('createToken', ['listTokens']);
  const [id, setId] = useState('');
  const [description, setDescription] = useState('');
  const [life, setLife] = useState(USUAL);
  const [day, setDay] = useState('');
  const [problems, setProblems] = useState<{ readonly id?: string; readonly life?: string; readonly day?: string }>({});
  // In this component and nowhere else: it is gone with the dialog.
  const [token, setToken] = useState<string>();

  const send: Send = async () => {
    const found = { ...problemOfId(id, taken), ...(life === 'day' ? problemOfDay(day) : {}) };
    setProblems(found);
    if (Object.keys(found).length > 0) return undefined;
    const answer = await run({
      params: { user },
      body: {
        id,
        type: 'static',
        ...(description.trim() === '' ? {} : { description: description.trim() }),
        ...(life === USUAL ? {} : { expires_at: endOf(life, day) }),
      },
    });
    if (!answer.ok) return refusal(answer.error);
    setToken(answer.value.token);
    return undefined;
  };
  const refusal = (error: ApiError): ApiError | undefined => {
    // Without a life of one’s own choice it is about something else.
    if (error.code !== 'FORBIDDEN' || life === USUAL) return error;
    // `expires_at` is what programs call it.
    setProblems({ life: error.message.replace(/; give an .*expires_at.*/, '. Choose an earlier end.') });
    return undefined;
  };
  if (token !== undefined) return <Shown id={id} token={token} onClose={onClose} />;
  return (
    <FormDialog title="New token" act="Make the token" failed="The token was not made" send={send} onClose={onClose}>
      <TextInput
        label="Name of the token"
        required
        hint="Where it is used: ‘github-actions’. Letters, digits, dots, hyphens and underscores."
        value={id}
        maxLength={100}
        error={problems.id}
        onText={text => {
          setId(text);
          setProblems({});
        }}
      />
      <TextInput label="Description" value={description} maxLength={1_000} onText={setDescription} />
      <Select
        label="It ends"
        required
        value={life}
        error={problems.life}
        options={LIVES}
        onText={value => {
          setLife(value);
          setProblems({});
        }}
      />
      {life === 'day' ? (
        <TextInput
          label="Last day"
          type="date"
          required
          value={day}
          error={problems.day}
          onText={text => {
            setDay(text);
            setProblems({});
          }}
        />
      ) : null}
    </FormDialog>
  );
}

function Shown({ id, token, onClose }: { readonly id: string; readonly token: string; readonly onClose: () => void }) {
  return (
    <Dialog
      open
      // Nobody gets it back.
      guard="slips"
      onClose={onClose}
      title={`The token ‘${id}’`}
      actions={
        <Button kind="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <div className={styles.once}>
        <p className={styles.warn}>
          Copy it now. It is shown this once; afterwards nobody can read it, not even an administrator.
        </p>
        <CodeBlock label="The token" text={token} wrap copy={false} />
        <div>
          <CopyButton text={token} label="Copy the token">
            Copy the token
          </CopyButton>
        </div>
        <p className={styles.note}>
          Keep it where your program keeps secrets. Each request sends it: <code>Authorization: Bearer …</code>
        </p>
      </div>
    </Dialog>
  );
}

function problemOfId(id: string, taken: readonly string[]): { readonly id?: string } {
  if (id === '') return { id: 'Give it a name, so that you know later what it is for.' };
  if (!ID.test(id))
    return { id: 'Use letters, digits, dots, hyphens and underscores, beginning with a letter or digit.' };
  return taken.includes(id) ? { id: 'There is a token of this name already; choose another one.' } : {};
}

function problemOfDay(day: string): { readonly day?: string } {
  if (Number.isNaN(Date.parse(day))) return { day: 'Choose a day.' };
  return Date.parse(endOfDay(day)) <= Date.now() ? { day: 'This day is over; choose one to come.' } : {};
}

/** The last moment of the day, where the reader is. */
const endOfDay = (day: string): string => new Date(`${day}T23:59:59.999`).toISOString();

function endOf(life: string, day: string): string | null {
  if (life === 'never') return null;
  return life === 'day' ? endOfDay(day) : new Date(Date.now() + Number(life) * DAY).toISOString();
}
