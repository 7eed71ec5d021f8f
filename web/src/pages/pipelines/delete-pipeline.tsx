import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useAction } from '../../api/api.ts';
import type { ApiError } from '../../api/client.ts';
import type { Pipeline } from '../../api/types.ts';
import { useOnce } from '../../api/use-once.ts';
import { type Place, pathTo } from '../../app/place.ts';
import { ConfirmDialog, ErrorPanel, LinkButton, say } from '../../ui/index.ts';

/** Asks, deletes, and when runs are in the way says how to go on. */
export function DeletePipeline({
  place,
  pipeline,
  open,
  onClose,
}: {
  readonly place: Place;
  readonly pipeline: Pipeline;
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const navigate = useNavigate();
  const { run, busy } = useAction('deletePipeline', ['listPipelines']);
  const [error, setError] = useState<ApiError>();
  const close = (): void => {
    setError(undefined);
    onClose();
  };
  const remove = useOnce(async (): Promise<void> => {
    const answer = await run({
      params: { ...place, pipeline: pipeline.id },
      // What was looked at is deleted, and not what somebody else has just saved.
      headers: { 'if-match': `"${pipeline.etag}"` },
    });
    if (!answer.ok) return setError(answer.error);
    say({ title: 'The pipeline was deleted', text: `Runs of ‘${pipeline.id}’ stay readable until they expire.` });
    await navigate(pathTo.pipelines(place), { replace: true });
  });
  return (
    <ConfirmDialog
      open={open}
      onClose={close}
      title={`Delete the pipeline ‘${pipeline.name}’?`}
      act="Delete the pipeline"
      busy={busy}
      onConfirm={remove}
    >
      <p>
        Nothing can start <code>{pipeline.id}</code> any more, and its versions are gone with it. Its runs stay readable
        until they expire. This cannot be taken back.
      </p>
      {error === undefined ? null : <ErrorPanel title={titleOf(error)} error={error} />}
      {error?.code === 'PIPELINE_HAS_OPEN_RUNS' ? (
        <>
          <p>Cancel them, or wait until they are over; then delete the pipeline.</p>
          <p>
            <LinkButton size="s" to={`${pathTo.runs(place)}?status=open&pipeline=${encodeURIComponent(pipeline.id)}`}>
              Show the open runs
            </LinkButton>
          </p>
        </>
      ) : null}
      {error?.code === 'ETAG_MISMATCH' ? (
        <p>Somebody has saved it since. Close this, look at it again, then decide.</p>
      ) : null}
    </ConfirmDialog>
  );
}

const titleOf = ({ code }: ApiError): string =>
  code === 'PIPELINE_HAS_OPEN_RUNS' ? 'Runs of this pipeline are not over' : 'The pipeline was not deleted';
