import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { client } from '../../api/api.ts';
import type { ApiError } from '../../api/client.ts';
import type { PipelineRun } from '../../api/types.ts';
import { pathTo, useParam, usePlace } from '../../app/place.ts';
import { Empty, ErrorPanel, LinkButton, LoadingRows, PageHeader } from '../../ui/index.ts';
import { runName } from './run-name.ts';

/** Milliseconds around the time in its id within which a run was created. */
const AROUND = 10 * 60_000;

/** Leads to the run with this id, of whatever app and pipeline of the org: what a step names when it started a run. */
export function FindRunPage() {
  const place = usePlace();
  const id = useParam('run');
  const navigate = useNavigate();
  const [found, setFound] = useState<'looking' | 'none' | ApiError>('looking');
  useEffect(() => {
    const aborting = new AbortController();
    const look = async (): Promise<void> => {
      const answer = await findRun(place.org, id, aborting.signal);
      if (answer === undefined) setFound('none');
      else if ('code' in answer) setFound(answer);
      else {
        const there = { org: answer.org_id, app: answer.app_id };
        void navigate(pathTo.run(there, answer.pipeline_id, answer.id), { replace: true });
      }
    };
    look().catch((error: unknown) => {
      if (!aborting.signal.aborted) throw error;
    });
    return () => aborting.abort();
  }, [place.org, id, navigate]);
  return (
    <>
      <PageHeader title={runName(id)} crumbs={[{ label: 'Runs', to: pathTo.runs(place) }]} />
      {found === 'looking' ? <LoadingRows label="Looking for the run" /> : null}
      {found === 'none' ? (
        <Empty title="There is no such run" action={<LinkButton to={pathTo.runs(place)}>All runs</LinkButton>}>
          <p>It was deleted, or it is of an app that you may not see.</p>
        </Empty>
      ) : null}
      {typeof found === 'object' ? <ErrorPanel title="The run could not be looked for" error={found} /> : null}
    </>
  );
}

async function findRun(org: string, id: string, signal: AbortSignal): Promise<PipelineRun | ApiError | undefined> {
  const at = timeOf(id);
  if (at === undefined) return undefined;
  const query = {
    created_after: new Date(at - AROUND).toISOString(),
    created_before: new Date(at + AROUND).toISOString(),
    per_page: 100,
  };
  for (let page: string | undefined; ; ) {
    const more = page === undefined ? {} : { page };
    const answer = await client.call('listRunsInOrg', { params: { org }, query: { ...query, ...more }, signal });
    if (!answer.ok) return answer.error;
    const run = answer.value.find(one => one.id === id);
    if (run !== undefined || answer.next === undefined) return run;
    page = answer.next;
  }
}

/** A UUID that sorts by time begins with it: 48 bits of milliseconds (RFC 9562, version 7). */
function timeOf(id: string): number | undefined {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(id) ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : undefined;
}
