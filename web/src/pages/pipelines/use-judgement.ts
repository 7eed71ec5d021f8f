import { useEffect, useRef, useState } from 'react';
import type { ApiError, Result } from '../../api/client.ts';
import { isOutage, type Judgement, judgementOf } from './judgement.ts';

/** Milliseconds without a key, after which the server is asked. */
const PAUSE = 400;
/** Milliseconds until a server that gave no answer is asked again: twice as many after each attempt. */
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 60_000;

/** A dry run of the text: nothing is saved. */
export type DryRun = (text: string, signal: AbortSignal) => Promise<Result<unknown>>;

type Seen = { readonly text: string | undefined; readonly judgement: Judgement };

/**
 * What the server says about the text, some time after the last key. Of two answers only that about the newest text counts.
 * While the server fails, it is asked again from time to time.
 * `key`: changes when the same text is to be judged anew. `enabled`: false for whom the server would refuse whatever they wrote.
 */
export function useJudgement(
  text: string,
  dryRun: DryRun,
  { key, enabled }: { readonly key: string; readonly enabled: boolean },
) {
  const [round, setRound] = useState(0);
  const [seen, setSeen] = useState<Seen>({ text: undefined, judgement: { kind: 'unknown' } });
  const latest = useRef(dryRun);
  latest.current = dryRun;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` says what else than the text the judgement depends on, `round` that somebody wants it anew
  useEffect(() => {
    if (!enabled) return;
    const aborting = new AbortController();
    let timer = setTimeout(() => void ask(FIRST_WAIT), PAUSE);
    const ask = async (wait: number): Promise<void> => {
      const answer = await latest.current(text, aborting.signal).catch((error: unknown) => {
        if (aborting.signal.aborted) return undefined;
        throw error;
      });
      if (answer === undefined || aborting.signal.aborted) return;
      const outage = !answer.ok && isOutage(answer.error);
      const judgement: Judgement = answer.ok ? { kind: 'fine' } : judgementOf(answer.error, text);
      setSeen(before =>
        // That it was not saved says more than that nothing is wrong with it.
        before.text === text && before.judgement.kind === 'unsaved' && (answer.ok || outage)
          ? before
          : { text, judgement },
      );
      if (!outage) return;
      timer = setTimeout(() => void ask(Math.min(2 * wait, LONGEST_WAIT)), wait);
    };
    return () => {
      clearTimeout(timer);
      aborting.abort();
    };
  }, [text, key, enabled, round]);
  return {
    /** Of the text before, until that of this one is there: marks that come and go with every key are unrest. */
    judgement: seen.judgement,
    isChecking: seen.text !== text,
    /** The answer to an attempt to save this very text. */
    note: (error: ApiError) =>
      setSeen({ text, judgement: isOutage(error) ? { kind: 'unsaved', error } : judgementOf(error, text) }),
    checkAgain: () => setRound(before => before + 1),
    forget: () => setSeen({ text: undefined, judgement: { kind: 'unknown' } }),
  };
}
