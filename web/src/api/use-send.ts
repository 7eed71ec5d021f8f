import { useState } from 'react';
import type { ApiError } from './client.ts';
import { useOnce } from './use-once.ts';

/** Sends what somebody filled in or confirmed. Answers why it was not taken; undefined: it was, or the fields say what is wrong. */
export type Send = () => Promise<ApiError | undefined>;

export type Sending = {
  readonly submit: () => void;
  readonly busy: boolean;
  /** Of the last attempt. */
  readonly error: ApiError | undefined;
  /** How often it was tried. */
  readonly attempts: number;
};

/** One attempt at a time, and what became of it. */
export function useSend(send: Send): Sending {
  const [busy, setBusy] = useState(false);
  const [last, setLast] = useState<Pick<Sending, 'error' | 'attempts'>>({ error: undefined, attempts: 0 });
  const submit = useOnce(async (): Promise<void> => {
    setBusy(true);
    try {
      const error = await send();
      setLast(({ attempts }) => ({ error, attempts: attempts + 1 }));
    } finally {
      setBusy(false);
    }
  });
  return { ...last, busy, submit };
}
