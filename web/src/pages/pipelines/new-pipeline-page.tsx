import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { client, useAction } from '../../api/api.ts';
import { useRights } from '../../api/can.ts';
import { useOnce } from '../../api/use-once.ts';
import { pathTo, usePlace } from '../../app/place.ts';
import { PageHeader, say } from '../../ui/index.ts';
import { DefinitionEditor } from './definition-editor.tsx';
import type { TypedOn } from './edit-page.tsx';
import { LeaveGuard } from './leave-guard.tsx';
import { TEMPLATE } from './template.ts';
import { useJudgement } from './use-judgement.ts';

/** A new pipeline, which begins with one that runs as it is. */
export function NewPipelinePage() {
  const place = usePlace();
  const { can } = useRights(place);
  const navigate = useNavigate();
  const [text, setText] = useState(TEMPLATE);
  const newest = useRef(text);
  const leaving = useRef(false);
  const { run, busy } = useAction('createPipeline', ['listPipelines', 'getPipeline']);
  const allowed = can('pipelines.create');
  const { judgement, isChecking, checkAgain, note } = useJudgement(
    text,
    (definition, signal) =>
      client.call('createPipeline', { params: place, query: { dry_run: true }, body: definition, signal }),
    { key: '', enabled: allowed.allowed },
  );
  const save = useOnce(async (): Promise<void> => {
    const answer = await run({ params: place, body: text });
    if (!answer.ok) {
      note(answer.error);
      return say({ title: 'The pipeline was not made', text: answer.error.message, tone: 'fail' });
    }
    leaving.current = true;
    const { value: made } = answer;
    if (made !== undefined && newest.current !== text) {
      say({ title: 'The pipeline was made', text: 'What you have typed since is not saved yet.' });
      const state: TypedOn = { etag: made.etag, text: newest.current };
      return void (await navigate(pathTo.ofPipeline(place, made.id, 'edit'), { state }));
    }
    say({ title: 'The pipeline was made' });
    await navigate(made === undefined ? pathTo.pipelines(place) : pathTo.pipeline(place, made.id));
  });
  return (
    <>
      <PageHeader title="New pipeline" crumbs={[{ label: 'Pipelines', to: pathTo.pipelines(place) }]} />
      <p>
        The example below runs as it is. Give it an <code>id</code>, which stays, and a <code>name</code>; then write
        what it does.
      </p>
      <DefinitionEditor
        place={place}
        text={text}
        onText={next => {
          newest.current = next;
          setText(next);
        }}
        judgement={judgement}
        isChecking={isChecking}
        checkAgain={checkAgain}
        act="Make the pipeline"
        allowed={allowed}
        busy={busy}
        onSave={save}
      />
      <LeaveGuard dirty={text !== TEMPLATE} off={leaving} />
    </>
  );
}
