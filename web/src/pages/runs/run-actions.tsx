import { Ban, Ellipsis, RotateCcw, SquarePen, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useAction } from '../../api/api.ts';
import { useRights } from '../../api/can.ts';
import type { PipelineRun } from '../../api/types.ts';
import { useOnce } from '../../api/use-once.ts';
import { pathTo } from '../../app/place.ts';
import { Button, ConfirmDialog, ErrorPanel, IconButton, Menu, say } from '../../ui/index.ts';
import { type Restart, RestartDialog } from './restart-dialog.tsx';
import { runName } from './run-name.ts';
import { isOver } from './watch/run-state.ts';
import type { Watched } from './watch/use-run.ts';

type Asked = 'cancel' | 'delete' | Restart;

/** What one may do with a run, as it stands. */
export function RunActions({ run, watched }: { readonly run: PipelineRun; readonly watched: Watched }) {
  const place = { org: run.org_id, app: run.app_id };
  const { can } = useRights(place);
  const navigate = useNavigate();
  const [asked, setAsked] = useState<Asked>();
  const over = isOver(run);
  const again = run.status === 'failed' || run.status === 'cancelled';
  const mayRestart = can('runs.restart');
  const close = (): void => setAsked(undefined);
  const items = [
    ...(again
      ? [
          {
            label: 'Restart from the beginning',
            icon: RotateCcw,
            act: () => setAsked('all'),
            refused: mayRestart.reason,
          },
        ]
      : []),
    ...(run.trigger === 'pipeline_call'
      ? [
          {
            label: 'Run with other inputs',
            icon: SquarePen,
            act: () =>
              void navigate(`${pathTo.ofPipeline(place, run.pipeline_id, 'run')}?from=${encodeURIComponent(run.id)}`),
            refused: can('runs.start').reason,
          },
        ]
      : []),
    ...(over
      ? [
          {
            label: 'Delete the run',
            icon: Trash2,
            dangerous: true,
            act: () => setAsked('delete'),
            refused: can('runs.delete').reason,
          },
        ]
      : []),
  ];
  return (
    <>
      {over ? (
        <Button
          icon={RotateCcw}
          kind={again ? 'primary' : 'secondary'}
          allowed={mayRestart}
          onClick={() => setAsked(again ? 'failed' : 'all')}
        >
          {again ? 'Restart from what failed' : 'Restart'}
        </Button>
      ) : (
        <Button
          icon={Ban}
          allowed={can('runs.cancel')}
          disabled={run.cancellation_requested_at !== undefined}
          onClick={() => setAsked('cancel')}
        >
          {run.cancellation_requested_at === undefined ? 'Cancel' : 'Is being cancelled'}
        </Button>
      )}
      {items.length === 0 ? null : (
        <Menu trigger={<IconButton label="More to do with the run" icon={Ellipsis} />} groups={[{ items }]} />
      )}
      <CancelDialog run={run} open={asked === 'cancel'} onClose={close} watched={watched} />
      <DeleteDialog run={run} open={asked === 'delete'} onClose={close} />
      <RestartDialog
        run={run}
        jobs={watched.jobs}
        from={asked === 'all' || asked === 'failed' ? asked : undefined}
        onClose={close}
      />
    </>
  );
}

type DialogProps = { readonly run: PipelineRun; readonly open: boolean; readonly onClose: () => void };

function CancelDialog({ run, open, onClose, watched }: DialogProps & { readonly watched: Watched }) {
  const { run: cancel, busy } = useAction('cancelRun', ['listRuns', 'listRunsInOrg', 'listApprovals']);
  const { org_id: org, app_id: app, pipeline_id: pipeline } = run;
  const confirm = useOnce(async (): Promise<void> => {
    const result = await cancel({ params: { org, app, pipeline, run: run.id } });
    onClose();
    watched.again();
    if (result.ok) say({ title: 'The run is asked to end' });
    // It ended by itself meanwhile: what was wanted is so.
    else if (result.error.code === 'RUN_IS_OVER') say({ title: 'The run was over already' });
    else say({ title: 'The run could not be cancelled', text: result.error.message, tone: 'fail' });
  });
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={`Cancel ${runName(run.id)}?`}
      act="Cancel the run"
      busy={busy}
      onConfirm={confirm}
    >
      <p>
        {run.status === 'queued'
          ? 'It has not begun, so it is over at once.'
          : 'Steps that execute are ended, and those that come after them are skipped, but for what is to clean up. What was done already stays done.'}
      </p>
    </ConfirmDialog>
  );
}

function DeleteDialog({ run, open, onClose }: DialogProps) {
  const { run: remove, busy } = useAction('deleteRun', ['listRuns', 'listRunsInOrg', 'listApprovals']);
  const navigate = useNavigate();
  const [error, setError] = useState<Parameters<typeof ErrorPanel>[0]['error']>();
  const { org_id: org, app_id: app, pipeline_id: pipeline } = run;
  const confirm = useOnce(async (): Promise<void> => {
    const result = await remove({ params: { org, app, pipeline, run: run.id } });
    // Somebody else deleted it meanwhile: what was wanted is so.
    if (!result.ok && result.error.status !== 404) return setError(result.error);
    onClose();
    say({ title: `${runName(run.id)} was deleted` });
    void navigate(pathTo.pipeline({ org, app }, pipeline));
  });
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={`Delete ${runName(run.id)}?`}
      act="Delete the run"
      busy={busy}
      onConfirm={confirm}
    >
      <p>Its jobs, its logs and its approvals are deleted with it. This cannot be taken back.</p>
      {error === undefined ? null : <ErrorPanel title="The run could not be deleted" error={error} />}
    </ConfirmDialog>
  );
}
