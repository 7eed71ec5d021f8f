import { useRef, useState } from 'react';
import { useLocation, useNavigate, useSearchParams } from 'react-router';
import { client, useAction } from '../../api/api.ts';
import { useRights } from '../../api/can.ts';
import { useOnce } from '../../api/use-once.ts';
import { type Place, pathTo, useParam, usePlace } from '../../app/place.ts';
import { ErrorPanel, PageHeader, Skeleton, say } from '../../ui/index.ts';
import { DefinitionEditor } from './definition-editor.tsx';
import { LeaveGuard } from './leave-guard.tsx';
import { Overtaken } from './overtaken.tsx';
import { type Base, useBase } from './use-base.ts';
import { useJudgement } from './use-judgement.ts';

/** What somebody typed while the pipeline was made, as the state of the address; it is about that version and no later one. */
export type TypedOn = { readonly etag: string; readonly text: string };

/** Edits the definition of a pipeline; what is saved is a new version. */
export function EditPage() {
  const place = usePlace();
  const id = useParam('pipeline');
  const [search] = useSearchParams();
  const { data, error, again } = useBase(place, id, search.get('version') ?? undefined);
  const typed = useLocation().state as TypedOn | null; // as: nothing else leads here with a state
  const text = typed !== null && typed.etag === data?.base.pipeline.etag ? typed.text : data?.text;
  return (
    <>
      <PageHeader
        title={`Edit ${data?.base.pipeline.name ?? id}`}
        crumbs={[
          { label: 'Pipelines', to: pathTo.pipelines(place) },
          { label: data?.base.pipeline.name ?? id, to: pathTo.pipeline(place, id) },
        ]}
      />
      {error === undefined ? null : (
        <ErrorPanel title={`The pipeline ‘${id}’ could not be read`} error={error} again={again} />
      )}
      {data === undefined && error === undefined ? <Skeleton height="clamp(16rem, 60vh, 48rem)" /> : null}
      {data === undefined ? null : <Editing key={id} place={place} base={data.base} text={text ?? data.text} />}
    </>
  );
}

function Editing({
  place,
  base: first,
  text: start,
}: {
  readonly place: Place;
  readonly base: Base;
  readonly text: string;
}) {
  const { can } = useRights(place);
  const navigate = useNavigate();
  const [base, setBase] = useState(first);
  const [text, setText] = useState(start);
  const newest = useRef(start);
  const leaving = useRef(false);
  const { id, etag } = base.pipeline;
  const { run, busy } = useAction('updatePipeline', [
    'listPipelines',
    'getPipeline',
    'listPipelineVersions',
    'getPipelineSchema',
    'getInputsSchema',
  ]);
  const params = { ...place, pipeline: id };
  const allowed = can('pipelines.update');
  const { judgement, isChecking, checkAgain, note, forget } = useJudgement(
    text,
    (definition, signal) => {
      const headers = { 'if-match': `"${etag}"` };
      return client.call('updatePipeline', { params, query: { dry_run: true }, headers, body: definition, signal });
    },
    { key: etag, enabled: allowed.allowed },
  );
  const write = (next: string): void => {
    newest.current = next;
    setText(next);
  };
  const goOn = (theirs: Base, next: string): void => {
    forget();
    setBase(theirs);
    write(next);
  };
  const save = useOnce(async (over: Base): Promise<void> => {
    const answer = await run({ params, headers: { 'if-match': `"${over.pipeline.etag}"` }, body: text });
    if (!answer.ok) {
      note(answer.error);
      return say({ title: 'It was not saved', text: answer.error.message, tone: 'fail' });
    }
    if (answer.value !== undefined && newest.current !== text) {
      goOn({ pipeline: answer.value, text }, newest.current);
      return say({ title: 'Saved as a new version', text: 'What you have typed since is not saved yet.' });
    }
    leaving.current = true;
    say({
      title: 'Saved as a new version',
      text: 'Runs that were started before follow the version they started with.',
    });
    await navigate(pathTo.ofPipeline(place, id, 'definition'));
  });
  return (
    <>
      {judgement.kind === 'overtaken' ? (
        <Overtaken
          place={place}
          id={id}
          mine={text}
          busy={busy}
          onKeep={theirs => goOn(theirs, text)}
          onTake={theirs => goOn(theirs, theirs.text)}
          onSave={theirs => {
            goOn(theirs, text);
            save(theirs);
          }}
        />
      ) : null}
      <DefinitionEditor
        place={place}
        text={text}
        onText={write}
        judgement={judgement}
        isChecking={isChecking}
        checkAgain={checkAgain}
        act="Save as a new version"
        allowed={allowed}
        busy={busy}
        unchanged={text === base.text}
        onSave={() => save(base)}
      />
      <LeaveGuard dirty={text !== base.text} off={leaving} />
    </>
  );
}
