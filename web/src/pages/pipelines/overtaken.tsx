import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useApi } from '../../api/api.ts';
import type { ApiError } from '../../api/client.ts';
import { PersonName } from '../../app/person-name.tsx';
import type { Place } from '../../app/place.ts';
import { Button, ErrorPanel, Skeleton, Time } from '../../ui/index.ts';
import styles from './edit.module.css';
import { type Base, readBase } from './use-base.ts';

const YamlDiff = lazy(async () => ({ default: (await import('../../parts/yaml-diff/yaml-diff.tsx')).YamlDiff }));

type Props = {
  readonly place: Place;
  readonly id: string;
  readonly mine: string;
  readonly busy: boolean;
  /** Goes on with one's own text, on top of theirs. */
  readonly onKeep: (theirs: Base) => void;
  /** Goes on with their text; one's own is lost. */
  readonly onTake: (theirs: Base) => void;
  readonly onSave: (theirs: Base) => void;
};

/** Somebody else, or oneself in another window, saved while one was editing: what they saved, against one's own text, and three ways on. */
export function Overtaken({ place, id, mine, busy, onKeep, onTake, onSave }: Props) {
  const [theirs, setTheirs] = useState<Base>();
  const [error, setError] = useState<ApiError>();
  const [round, setRound] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` reads it anew
  useEffect(() => {
    let isOver = false;
    void readBase(place, id).then(answer => {
      if (isOver) return;
      if (answer.ok) setTheirs(answer.value);
      setError(answer.ok ? undefined : answer.error);
    });
    return () => {
      isOver = true;
    };
  }, [place.org, place.app, id, round]);
  useEffect(() => {
    // In newer browsers it answers a promise, which would be taken for a clean-up.
    heading.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <section className={styles.overtaken} role="alert" aria-label="Saved meanwhile">
      <h2 ref={heading}>This pipeline was saved while you were editing it</h2>
      {theirs === undefined ? null : <Author place={place} base={theirs} />}
      {error === undefined ? null : (
        <ErrorPanel
          title="What they saved could not be read"
          error={error}
          again={() => setRound(before => before + 1)}
        />
      )}
      {theirs === undefined && error === undefined ? <Skeleton height="12rem" /> : null}
      {theirs === undefined ? null : (
        <>
          <Suspense fallback={<Skeleton height="12rem" />}>
            <YamlDiff before={{ name: 'Theirs', text: theirs.text }} after={{ name: 'Yours', text: mine }} />
          </Suspense>
          <div className={styles.buttons}>
            <Button onClick={() => onKeep(theirs)}>Go on editing mine</Button>
            <Button kind="danger" onClick={() => onTake(theirs)}>
              Drop mine, take theirs
            </Button>
            <Button kind="primary" busy={busy} onClick={() => onSave(theirs)}>
              Save mine over theirs
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

function Author({ place, base: { pipeline } }: { readonly place: Place; readonly base: Base }) {
  const versions = useApi('listPipelineVersions', {
    params: { ...place, pipeline: pipeline.id },
    query: { per_page: 10 },
  });
  const version = versions.data?.find(one => one.id === pipeline.version);
  return (
    <p>
      {version === undefined ? null : (
        <>
          Saved <Time at={version.created_at} /> by <PersonName org={place.org} id={version.created_by} me="you" />.{' '}
        </>
      )}
      Nothing of yours is lost. Their version stays among the versions, whatever you choose.
    </p>
  );
}
