import { Eye, EyeOff } from 'lucide-react';
import { type ClipboardEvent, type ReactNode, useState } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { controlProps, type InputField, setValue } from './field-state.ts';
import styles from './inputs-form.module.css';
import { Unset } from './unset.tsx';

/** Characters from which on one line is too short. */
const LONG = 200;

/** A text of one line or of several. A secret is masked until it is asked for, on several lines, too. */
export function TextField(props: InputField): ReactNode {
  const { schema, formData } = props;
  const secret = schema.writeOnly === true;
  const value = typeof formData === 'string' ? formData : undefined;
  const [isLong, setIsLong] = useState(() => isLongText(value, secret ? undefined : schema.maxLength));
  const [revealed, setRevealed] = useState(false);
  const common = {
    ...controlProps(props),
    value: value ?? '',
    autoComplete: secret ? 'new-password' : 'off',
    spellCheck: false,
    placeholder: value === undefined ? 'Not set' : 'Empty text',
    onChange: (event: { readonly target: { readonly value: string } }) => setValue(props, event.target.value),
  };
  // A field of one line would silently drop the line breaks of what is pasted, for example of a key.
  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const text = event.clipboardData.getData('text/plain');
    if (!/[\r\n]/.test(text)) return;
    event.preventDefault();
    const { selectionStart, selectionEnd, value: before } = event.currentTarget;
    const start = selectionStart ?? before.length;
    setValue(props, before.slice(0, start) + text.replaceAll('\r\n', '\n') + before.slice(selectionEnd ?? start));
    setIsLong(true);
  };
  return (
    <div className={`${styles.control} ${secret ? styles.secret : ''}`}>
      {isLong ? (
        <textarea {...common} rows={4} className={`${styles.input} ${secret && !revealed ? styles.masked : ''}`} />
      ) : (
        <input
          {...common}
          type={secret && !revealed ? 'password' : 'text'}
          className={styles.input}
          onPaste={onPaste}
        />
      )}
      {secret ? (
        <IconButton
          label={revealed ? 'Hide the secret' : 'Show the secret'}
          icon={revealed ? EyeOff : Eye}
          aria-pressed={revealed}
          onClick={() => setRevealed(!revealed)}
        />
      ) : null}
      {isLong || isShort(schema.maxLength) ? null : (
        <button type="button" className={styles.more} onClick={() => setIsLong(true)}>
          Several lines
        </button>
      )}
      <Unset field={props} />
    </div>
  );
}

/** Nobody writes several lines in so few characters. */
function isShort(maxLength: unknown): boolean {
  return typeof maxLength === 'number' && maxLength <= LONG;
}

function isLongText(value: string | undefined, maxLength: unknown): boolean {
  return (
    value?.includes('\n') === true || (typeof maxLength === 'number' && maxLength > LONG && (value?.length ?? 0) > LONG)
  );
}
