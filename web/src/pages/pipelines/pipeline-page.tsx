import { Ellipsis, Pencil, Play, Trash2 } from 'lucide-react';
import { type ComponentType, lazy, type ReactNode, Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import { useApi } from '../../api/api.ts';
import { useRights } from '../../api/can.ts';
import type { Pipeline } from '../../api/types.ts';
import { type Place, pathTo, useParam, usePlace } from '../../app/place.ts';
import {
  Button,
  Empty,
  ErrorPanel,
  IconButton,
  LinkButton,
  LoadingRows,
  Menu,
  PageHeader,
  Skeleton,
  Tabs,
} from '../../ui/index.ts';
import { DeletePipeline } from './delete-pipeline.tsx';
import styles from './pipeline.module.css';
import { PipelineRuns } from './pipeline-runs.tsx';
import { Triggers } from './triggers.tsx';

export type PartProps = { readonly place: Place; readonly pipeline: Pipeline };

const part = (load: () => Promise<ComponentType<PartProps>>) => lazy(async () => ({ default: await load() }));

/** By the last step of the address. Those with an editor or a form in them are loaded when they are shown. */
const PARTS: Readonly<Record<string, ComponentType<PartProps>>> = {
  '': PipelineRuns,
  definition: part(() => import('./pipeline-definition.tsx').then(module => module.PipelineDefinition)),
  versions: part(() => import('./pipeline-versions.tsx').then(module => module.PipelineVersions)),
  inputs: part(() => import('./pipeline-inputs.tsx').then(module => module.PipelineInputs)),
};

/** One pipeline: its runs, its definition, its versions and what a run takes. */
export function PipelinePage() {
  const place = usePlace();
  const id = useParam('pipeline');
  const name = useParam('part');
  const read = useApi('getPipeline', { params: { ...place, pipeline: id }, every: 15_000 });
  const Part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  const { data: pipeline, error } = read;
  return (
    <>
      <PageHeader
        key={id}
        title={pipeline?.name ?? id}
        crumbs={[{ label: 'Pipelines', to: pathTo.pipelines(place) }]}
        actions={pipeline === undefined ? undefined : <Actions place={place} pipeline={pipeline} />}
      />
      {pipeline === undefined && error !== undefined ? (
        <>
          <ErrorPanel title={`The pipeline ‘${id}’ could not be read`} error={error} again={read.again} />
          {error.status === 404 ? (
            <p>
              If it was deleted, its runs are kept for a while:{' '}
              <LinkButton size="s" to={`${pathTo.runs(place)}?pipeline=${encodeURIComponent(id)}`}>
                Runs of {id}
              </LinkButton>
            </p>
          ) : null}
        </>
      ) : (
        <>
          <div className={styles.facts}>{pipeline === undefined ? <Skeleton /> : <Facts pipeline={pipeline} />}</div>
          <Tabs
            label="Parts of the pipeline"
            tabs={[
              { to: pathTo.pipeline(place, id), label: 'Runs' },
              { to: pathTo.ofPipeline(place, id, 'definition'), label: 'Definition' },
              { to: pathTo.ofPipeline(place, id, 'versions'), label: 'Versions' },
              { to: pathTo.ofPipeline(place, id, 'inputs'), label: 'Inputs' },
            ]}
          />
          {pipeline === undefined ? (
            <LoadingRows label="Loading the pipeline" />
          ) : (
            <Shown part={Part} place={place} pipeline={pipeline} />
          )}
        </>
      )}
    </>
  );
}

function Shown({
  part: Part,
  place,
  pipeline,
}: PartProps & { readonly part: ComponentType<PartProps> | undefined }): ReactNode {
  if (Part === undefined) {
    return (
      <Empty
        title="A pipeline has no such part"
        action={<LinkButton to={pathTo.pipeline(place, pipeline.id)}>Its runs</LinkButton>}
      >
        <p>The address may be mistyped. Choose a part above.</p>
      </Empty>
    );
  }
  return (
    <Suspense fallback={<LoadingRows label="Loading" />}>
      <Part place={place} pipeline={pipeline} />
    </Suspense>
  );
}

function Facts({ pipeline: { id, trigger_types, metadata } }: { readonly pipeline: Pipeline }) {
  return (
    <>
      <code>{id}</code>
      <span className={styles.starts}>
        Starts <Triggers triggers={trigger_types} />
      </span>
      {Object.entries(metadata).map(([key, value]) => (
        <span key={key} className={styles.metadata}>
          {key}: {value}
        </span>
      ))}
    </>
  );
}

function Actions({ place, pipeline }: PartProps) {
  const { can } = useRights(place);
  const navigate = useNavigate();
  // As it was when one was asked: what is read meanwhile nobody has seen.
  const [deleting, setDeleting] = useState<Pipeline>();
  const mayDelete = can('pipelines.delete');
  const to = (name: string) => () => void navigate(pathTo.ofPipeline(place, pipeline.id, name));
  return (
    <>
      <Button icon={Pencil} allowed={can('pipelines.update')} onClick={to('edit')}>
        Edit
      </Button>
      {pipeline.trigger_types.includes('pipeline_call') ? (
        <Button kind="primary" icon={Play} allowed={can('runs.start')} onClick={to('run')}>
          Run
        </Button>
      ) : null}
      <Menu
        trigger={<IconButton label="More to do with the pipeline" icon={Ellipsis} />}
        groups={[
          {
            items: [
              {
                label: 'Delete the pipeline',
                icon: Trash2,
                dangerous: true,
                act: () => setDeleting(pipeline),
                refused: mayDelete.reason,
              },
            ],
          },
        ]}
      />
      <DeletePipeline
        place={place}
        pipeline={deleting ?? pipeline}
        open={deleting !== undefined}
        onClose={() => setDeleting(undefined)}
      />
    </>
  );
}
