import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useApi } from '../../api/api.ts';
import type { PipelineRun } from '../../api/types.ts';
import { PersonName } from '../../app/person-name.tsx';
import { pathTo } from '../../app/place.ts';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import { Card, Duration, durationText, Facts, Time } from '../../ui/index.ts';
import { runName } from './run-name.ts';
import { triggerWords } from './trigger-words.ts';

/** Whom runs act as that have the roles that their definition names. */
const PIPELINES_SYSTEM_USER = '00000000-0000-0000-0000-000000000000';

/** Who, when, what of: a run at a glance. */
export function RunFacts({ run }: { readonly run: PipelineRun }) {
  const { org_id: org, app_id: app } = run;
  const place = { org, app };
  const facts: (readonly [string, ReactNode])[] = [
    [
      'Started by',
      <>
        <PersonName org={org} id={run.created_by} name={run.people?.[run.created_by]} /> {triggerWords(run.trigger)}
      </>,
    ],
    ['Acts as', <ActsAs key="as" run={run} />],
    ['Created', <Time key="created" at={run.created_at} />],
    took(run),
    ['May take', durationText(run.timeout_seconds * 1_000)],
    ['Definition', <Definition key="definition" run={run} />],
  ];
  if (run.concurrency_group !== undefined)
    facts.push(['Group', <InertText key="group" text={run.concurrency_group} />]);
  if (run.env_ids.length > 0) facts.push(['Environments', run.env_ids.join(', ')]);
  if (run.restart_of !== undefined) {
    const to = pathTo.run(place, run.pipeline_id, run.restart_of);
    facts.push([
      'Restart of',
      <Link key="restart" to={to}>
        {runName(run.restart_of)}
      </Link>,
    ]);
  }
  if (run.called_by !== undefined) {
    const { app_id, pipeline_id, run_id, job_id, step_index } = run.called_by;
    const to = `${pathTo.job({ org, app: app_id }, pipeline_id, run_id, job_id)}?step=${step_index + 1}`;
    facts.push([
      'Called by',
      <Link key="called" to={to}>
        {runName(run_id)} of {pipeline_id}, job {job_id}
      </Link>,
    ]);
  }
  return (
    <Card>
      <Facts facts={facts} />
    </Card>
  );
}

function took({ executing_at: from, completed_at: to }: PipelineRun): readonly [string, ReactNode] {
  if (from === undefined) return ['Began', to === undefined ? 'Not yet' : 'It never did'];
  return [to === undefined ? 'Executing for' : 'Took', <Duration key="took" from={from} to={to} />];
}

function ActsAs({ run }: { readonly run: PipelineRun }) {
  if (run.run_as === PIPELINES_SYSTEM_USER) return 'The pipeline, with the roles of its definition';
  if (run.run_as === run.created_by) return 'Whoever started it';
  return <PersonName org={run.org_id} id={run.run_as} name={run.people?.[run.run_as]} />;
}

/** The version that it follows, and whether that is still what the pipeline is. */
function Definition({ run }: { readonly run: PipelineRun }) {
  const place = { org: run.org_id, app: run.app_id };
  const pipeline = useApi('getPipeline', { params: { ...place, pipeline: run.pipeline_id } });
  const version = encodeURIComponent(run.pipeline_version);
  // One that has the id of a pipeline of before is another one.
  const isGone =
    pipeline.error?.status === 404 || (pipeline.data !== undefined && pipeline.data.created_at > run.created_at);
  if (isGone) return 'The pipeline was deleted';
  const to = `${pathTo.ofPipeline(place, run.pipeline_id, 'definition')}?version=${version}`;
  const isOld = pipeline.data !== undefined && pipeline.data.version !== run.pipeline_version;
  return (
    <>
      <Link to={to}>
        Version …<code>{run.pipeline_version.slice(-8)}</code>
      </Link>
      {isOld ? ' (an older one)' : ''}
    </>
  );
}
