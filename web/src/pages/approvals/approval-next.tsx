import type { ApprovalNextInput, ApprovalNextJob, ApprovalNextStep, ApprovalNext as Next } from '../../api/types.ts';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import { Card, Section } from '../../ui/index.ts';
import styles from './approval.module.css';

/** What goes on when it is given: exactly, as far as it is known. */
export function ApprovalNext({ next }: { readonly next: Next }) {
  const inputs = Object.entries(next.inputs);
  const nothing = next.steps.length === 0 && next.jobs.length === 0;
  return (
    <>
      <Section title="What happens when it is approved">
        {nothing ? (
          <p>The job is over then, and no other job waits for it. With that the run may be over too.</p>
        ) : (
          <ol className={styles.jobs} aria-label="What happens when it is approved">
            {next.steps.length === 0 ? null : (
              <li>
                <Card>
                  <h3>
                    The job <InertText text={next.job.name} /> goes on
                  </h3>
                  <Steps steps={next.steps} />
                </Card>
              </li>
            )}
            {next.jobs.map(job => (
              <li key={job.id}>
                <Card>
                  <Job job={job} />
                </Card>
              </li>
            ))}
          </ol>
        )}
        {next.more_steps === 0 ? null : <p className={styles.muted}>And {next.more_steps} steps more.</p>}
        <p className={styles.muted}>
          When it is denied, the step fails. Jobs that need this one are then skipped, unless their condition says
          otherwise.
        </p>
      </Section>
      <Section title="Inputs of the run">
        {inputs.length === 0 ? (
          <p className={styles.muted}>It was started without inputs.</p>
        ) : (
          <Card>
            <Inputs inputs={inputs.map(([name, value]) => ({ name, value, known: true }))} />
          </Card>
        )}
      </Section>
    </>
  );
}

function Job({ job }: { readonly job: ApprovalNextJob }) {
  return (
    <>
      <h3>
        Then the job <InertText text={job.name} />
        {job.skipped === true ? ' is skipped' : ''}
      </h3>
      {job.needs.length > 1 ? <p className={styles.muted}>When all of these are over: {job.needs.join(', ')}</p> : null}
      <Condition part={job} />
      {job.skipped === true ? null : <Steps steps={job.steps} />}
    </>
  );
}

function Steps({ steps }: { readonly steps: readonly ApprovalNextStep[] }) {
  return (
    <ol className={styles.steps}>
      {steps.map(step => (
        <li key={step.index}>
          <p className={styles.step}>
            <strong>
              <InertText text={step.name} />
            </strong>
            {step.name === step.uses ? null : <code>{step.uses}</code>}
            {step.skipped === true ? <span className={styles.tag}>skipped</span> : null}
          </p>
          <Condition part={step} />
          {step.skipped === true ? null : <Inputs inputs={step.inputs} />}
        </li>
      ))}
    </ol>
  );
}

function Condition({
  part: { condition, skipped },
}: {
  readonly part: Pick<ApprovalNextStep, 'condition' | 'skipped'>;
}) {
  if (condition === undefined) return null;
  return (
    <p className={styles.muted}>
      {skipped === true ? 'Its condition is false: ' : 'Only if '}
      <code>
        <InertText text={condition} />
      </code>
    </p>
  );
}

function Inputs({ inputs }: { readonly inputs: readonly ApprovalNextInput[] }) {
  return (
    <dl className={styles.inputs}>
      {inputs.map(({ name, value, known }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <InertText text={typeof value === 'string' ? value : JSON.stringify(value, null, 2)} />
            {known ? null : <span className={styles.tag}>partly known only then</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
