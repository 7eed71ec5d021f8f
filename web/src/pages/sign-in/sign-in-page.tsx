import { useRef, useState } from 'react';
import { lastUser } from '../../api/api.ts';
import { createClient } from '../../api/client.ts';
import { readSession, startSession } from '../../api/session.ts';
import { useOnce } from '../../api/use-once.ts';
import { Button, TextInput } from '../../ui/index.ts';
import styles from './sign-in.module.css';

/** Takes a token, asks the server whose it is, and only then keeps it. The page that was asked for comes after it. */
export function SignInPage() {
  const { reason } = readSession();
  const [token, setToken] = useState('');
  const newest = useRef(token);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const signIn = useOnce(async (): Promise<void> => {
    const given = token.trim();
    // A header holds no other characters; the server could not even be asked.
    if (!/^[\x21-\x7e]+$/.test(given))
      return setError('Paste a token: letters, digits and signs, without a space in it.');
    setBusy(true);
    const answer = await createClient({ token: () => given, refused: async () => false }).call('getCurrentUser', {});
    setBusy(false);
    // The answer is about another token than the one that is there now.
    if (newest.current !== token) return;
    if (answer.ok) startSession(given, answer.value.id === lastUser());
    else setError(answer.error.message);
  });
  return (
    <main className={styles.page}>
      <title>Sign in · Pipecall</title>
      <form
        className={styles.form}
        onSubmit={event => {
          event.preventDefault();
          signIn();
        }}
        noValidate
      >
        <img src={new URL('../../icon.svg', import.meta.url).href} alt="" width={44} height={44} />
        <h1>Sign in to Pipecall</h1>
        {reason === undefined ? null : (
          <p className={styles.reason} role="alert">
            You were signed out: {reason}
          </p>
        )}
        <TextInput
          label="Token"
          type="password"
          required
          autoFocus
          autoComplete="current-password"
          value={token}
          onText={text => {
            newest.current = text;
            setToken(text);
            setError(undefined);
          }}
          error={error}
          hint="It begins with pcl_. This tab alone keeps it, until you sign out or close the tab."
        />
        <Button type="submit" kind="primary" busy={busy}>
          {busy ? 'Signing in …' : 'Sign in'}
        </Button>
        <details className={styles.help}>
          <summary>Where do I get a token?</summary>
          <p>
            An administrator of your org makes one and hands it over. If you started Pipecall on this machine, the
            terminal of <code>npm start</code> shows the administrator’s token.
          </p>
        </details>
      </form>
    </main>
  );
}
