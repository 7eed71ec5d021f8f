import { CircleCheck, CircleX } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Json, PlannedGroup, PlannedJob, PlannedPermission, RunPlan } from '../../api/types.ts';
import { PersonName } from '../../app/person-name.tsx';
import type { Place } from '../../app/place.ts';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import { Card, type Column, durationText, Facts, Table } from '../../ui/index.ts';
import styles from './start.module.css';
import { versionName } from './version-name.ts';

/** What a start would do, before anything is started. */
export function Plan({ plan, place }: { readonly plan: RunPlan; readonly place: Place }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // It comes below what was pressed: whoever reads by ear or looks at a small screen is led to it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each plan anew
  useEffect(() => {
    heading.current?.focus();
  }, [plan]);
  const lacking = plan.permissions.filter(permission => !permission.held);
  return (
    <section className={styles.plan} aria-label="The plan">
      <h2 ref={heading} tabIndex={-1}>
        What this run would do
      </h2>
      {lacking.length === 0 ? null : (
        <p role="alert" className={styles.lacking}>
          <CircleX size={16} aria-hidden />
          It would fail: {lacking.length === 1 ? 'a permission is' : 'permissions are'} missing, see below.
        </p>
      )}
      <Card>
        <Facts
          facts={[
            ['Acts as', <PersonName key="as" org={place.org} id={plan.run_as} />],
            ['Begins', queueWords(plan.concurrency)],
            ['Follows', versionName(plan.pipeline_version)],
            ['Time limit', durationText(plan.timeout_seconds * 1_000)],
          ]}
        />
      </Card>
      <h3>Its inputs, defaults included</h3>
      <PlannedInputs inputs={plan.inputs} />
      <h3>Its jobs, in order</h3>
      <ol className={styles.jobs}>
        {plan.jobs.map(job => (
          <PlannedJobItem key={job.id} job={job} />
        ))}
      </ol>
      <h3>Permissions that it needs</h3>
      <Table
        label="Permissions that it needs"
        columns={PERMISSIONS}
        rows={plan.permissions}
        keyOf={permission => `${permission.holder} ${permission.permission} ${permission.reason}`}
      />
    </section>
  );
}

function queueWords(group: PlannedGroup | undefined) {
  if (group === undefined) return 'At once';
  const words = group.position === '0' ? 'At once' : `When its turn comes: place ${group.position} in the queue`;
  const runs = group.executing === 1 ? '1 run executes' : `${group.executing} runs execute`;
  return (
    <>
      {words}. Group <InertText text={group.group} />: {runs} now, {group.limit} may at the same time.
      {group.cancels_others ? ' The older runs of the group are cancelled.' : ''}
    </>
  );
}

function PlannedInputs({ inputs }: { readonly inputs: { readonly [name: string]: Json } }) {
  const entries = Object.entries(inputs);
  if (entries.length === 0) return <p>None.</p>;
  return (
    <dl className={styles.inputs}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>
            <InertText text={name} />
          </dt>
          <dd>
            <InertText text={typeof value === 'string' ? value : JSON.stringify(value)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function PlannedJobItem({ job: { id, name, needs, starts_first: isFirst } }: { readonly job: PlannedJob }) {
  return (
    <li>
      <span className={styles.job}>
        <InertText text={name} />
      </span>{' '}
      {name === id ? null : <code>{id}</code>}{' '}
      <span className={styles.note}>{isFirst ? 'begins at once' : `after ${needs.join(', ')}`}</span>
    </li>
  );
}

const PERMISSIONS: readonly Column<PlannedPermission>[] = [
  { head: 'Permission', main: true, cell: ({ permission }) => <code>{permission}</code> },
  { head: 'Needed by', cell: ({ holder }) => (holder === 'caller' ? 'You, to start it' : 'The run itself') },
  {
    head: 'Held',
    cell: ({ held }) => (
      <span className={held ? styles.held : styles.missing}>
        {held ? <CircleCheck size={16} aria-hidden /> : <CircleX size={16} aria-hidden />}
        {held ? 'Held' : 'Missing'}
      </span>
    ),
  },
  { head: 'Because of', cell: ({ reason }) => <InertText text={reason} /> },
];
