import { CircleAlert, CircleCheck, LoaderCircle, Save, TriangleAlert } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { useApi } from '../../api/api.ts';
import { useRights, type Verdict } from '../../api/can.ts';
import type { ApiError } from '../../api/client.ts';
import type { Place } from '../../app/place.ts';
import { RightsError } from '../../app/rights-error.tsx';
import type { Problem } from '../../parts/yaml-editor/problem.ts';
import { Button, ErrorPanel, Skeleton } from '../../ui/index.ts';
import styles from './edit.module.css';
import { isOutage, type Judgement } from './judgement.ts';

// Asked for with the page and not when its answers are there.
const loading = import('../../parts/yaml-editor/yaml-editor.tsx');
const YamlEditor = lazy(async () => ({ default: (await loading).YamlEditor }));

/** The same each time: the editor marks a text anew whenever it gets another list. */
const NO_PROBLEMS: readonly Problem[] = [];

type Props = {
  readonly place: Place;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly judgement: Judgement;
  readonly isChecking: boolean;
  /** Asks the server again about the same text. */
  readonly checkAgain: () => void;
  /** What the button says. */
  readonly act: string;
  readonly allowed: Verdict;
  readonly busy: boolean;
  /** There is nothing to save. */
  readonly unchanged?: boolean;
  readonly onSave: () => void;
};

/** Writes a definition: completion from the schema of the language, mistakes as the server sees them, and a button to save it. */
export function DefinitionEditor(props: Props): ReactNode {
  const {
    place,
    text,
    onText,
    judgement,
    isChecking,
    checkAgain,
    act,
    allowed,
    busy,
    unchanged = false,
    onSave,
  } = props;
  const schema = useApi('getLanguageSchema', { params: { org: place.org } });
  const rights = useRights(place);
  const { can, pending, error: unreadable } = rights;
  const values = useApi('listValues', { params: place, enabled: can('values.read').allowed });
  const mayWrite = allowed.allowed;
  useSaveKeys(onSave, mayWrite && !busy && !unchanged);
  return (
    <>
      <WhenKnown pending={pending}>
        <YamlEditor
          value={text}
          onChange={mayWrite ? onText : undefined}
          label="Definition"
          schema={schema.data ?? (schema.error === undefined ? undefined : null)}
          known={{ appValues: (values.data ?? []).map(value => value.key) }}
          problems={judgement.kind === 'wrong' ? judgement.problems : NO_PROBLEMS}
        />
      </WhenKnown>
      <RightsError rights={rights} />
      {judgement.kind === 'refused' ? <Refused error={judgement.error} again={checkAgain} /> : null}
      {judgement.kind === 'unsaved' ? <ErrorPanel title="It was not saved" error={judgement.error} /> : null}
      <div className={styles.foot}>
        {mayWrite || pending ? (
          <Verdicts judgement={judgement} isChecking={isChecking} />
        ) : (
          <p className={styles.verdict}>{unreadable === undefined ? allowed.reason : null}</p>
        )}
        <Button kind="primary" icon={Save} allowed={allowed} busy={busy} disabled={unchanged} onClick={onSave}>
          {busy ? 'Saving …' : act}
        </Button>
      </div>
    </>
  );
}

/** An editor that is read only until the rights are there would become another one, without keys, cursor and focus of the first. */
function WhenKnown({ pending, children }: { readonly pending: boolean; readonly children: ReactNode }) {
  const place = <Skeleton height="clamp(16rem, 60vh, 48rem)" />;
  return pending ? place : <Suspense fallback={place}>{children}</Suspense>;
}

function Refused({ error, again }: { readonly error: ApiError; readonly again: () => void }) {
  return isOutage(error) ? (
    <ErrorPanel title="The definition could not be checked" error={error} again={again} />
  ) : (
    <ErrorPanel title="The server would not take it" error={error} />
  );
}

/** In words, in one place that does not move. */
function Verdicts({ judgement, isChecking }: { readonly judgement: Judgement; readonly isChecking: boolean }) {
  const [Icon, words, look] = verdictOf(judgement, isChecking);
  return (
    <p role="status" className={`${styles.verdict} ${look}`}>
      <Icon size={16} aria-hidden />
      {words}
    </p>
  );
}

function verdictOf(judgement: Judgement, isChecking: boolean) {
  if (isChecking || judgement.kind === 'unknown') return [LoaderCircle, 'Checking …', ''] as const;
  if (judgement.kind === 'fine') return [CircleCheck, 'Nothing is wrong with it', styles.fine ?? ''] as const;
  if (judgement.kind === 'wrong') {
    const { length } = judgement.problems;
    const words = length === 1 ? '1 problem: choose it' : `${length} problems: choose one`;
    return [CircleAlert, `${words} above to go to its place`, styles.wrong ?? ''] as const;
  }
  if (judgement.kind === 'overtaken')
    return [TriangleAlert, 'It was saved meanwhile: choose above how to go on', styles.wrong ?? ''] as const;
  if (judgement.kind === 'unsaved') return [TriangleAlert, 'It was not saved: see above', styles.wrong ?? ''] as const;
  if (isOutage(judgement.error)) return [TriangleAlert, 'Not checked: the server gave no answer', ''] as const;
  return [TriangleAlert, 'It cannot be saved like this: see above', styles.wrong ?? ''] as const;
}

/** Ctrl+S and ⌘S, which would else save the page as a file. */
function useSaveKeys(onSave: () => void, enabled: boolean): void {
  const latest = useRef({ onSave, enabled });
  latest.current = { onSave, enabled };
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      if (latest.current.enabled) latest.current.onSave();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
