import { Check, Lock, X } from 'lucide-react';
import { useState } from 'react';
import { useAction, useApi } from '../../api/api.ts';
import { useRights } from '../../api/can.ts';
import type { ApiError } from '../../api/client.ts';
import type { ApprovalRequest } from '../../api/types.ts';
import { useOnce } from '../../api/use-once.ts';
import { type Place, pathTo } from '../../app/place.ts';
import { Button, Card, CopyButton, ErrorPanel, LinkButton, Section, say, TextArea } from '../../ui/index.ts';
import styles from './approval.module.css';
import { approvals } from './approval-words.ts';
import { whyNot } from './why-not.ts';

const LONGEST_COMMENT = 1_000;
const STALE = ['listApprovals', 'getRun', 'listJobs', 'getJob'] as const;

/** The decision, or why one may not make it. */
export function Decide({
  place,
  approval,
  decided,
}: {
  readonly place: Place;
  readonly approval: ApprovalRequest;
  /** Called after each attempt: the approval is another one perhaps. */
  readonly decided: () => void;
}) {
  const user = useApi('getCurrentUser', {}).data;
  const me = user?.id;
  const { held } = useRights(place);
  const approve = useAction('approve', STALE);
  const deny = useAction('deny', STALE);
  const [comment, setComment] = useState('');
  const [error, setError] = useState<ApiError>();
  const [late, setLate] = useState(false);
  // Counted, and perhaps not read again yet.
  const [made, setMade] = useState<'approved' | 'denied'>();
  const { next, decisions } = approval;
  const mine = decisions.find(({ by }) => by === me);

  const send = useOnce(async (decision: 'approved' | 'denied'): Promise<void> => {
    setError(undefined);
    const answer = await (decision === 'approved' ? approve : deny).run({
      params: {
        ...place,
        pipeline: approval.pipeline_id,
        run: approval.run_id,
        job: approval.job_id,
        approval: approval.id,
      },
      body: comment.trim() === '' ? {} : { comment },
    });
    decided();
    if (!answer.ok) return setError(answer.error);
    const counted = answer.value.decisions.some(one => one.by === me && one.decision === decision);
    if (!counted) return setLate(true);
    setMade(decision);
    // What was written since is not sent yet.
    setComment(now => (now === comment ? '' : now));
    say(wordsFor(answer.value, decision));
  });
  const busy = approve.busy || deny.busy;
  const toRun = pathTo.run(place, approval.pipeline_id, approval.run_id);

  if (approval.status !== 'waiting') {
    return (
      <Section title="Decision">
        <Card>
          {error === undefined ? null : <ErrorPanel title="Your decision was not taken" error={error} />}
          {late ? (
            <p role="alert">
              Somebody else decided a moment before you. What you said was not recorded; what counts stands above.
            </p>
          ) : null}
          <p>{OUTCOMES[approval.status]}</p>
          <p>
            <LinkButton to={toRun}>See the run</LinkButton>
          </p>
        </Card>
      </Section>
    );
  }
  const refused = whyNot(approval, user, held);
  const allowed = refused === undefined ? {} : { allowed: { allowed: false, reason: refused.reason } as const };
  return (
    <Section title="Your decision">
      <Card>
        {error === undefined ? null : <ErrorPanel title="Your decision was not taken" error={error} />}
        {refused === undefined ? null : (
          <div className={styles.refused}>
            <Lock size={16} aria-hidden />
            <div className={styles.refusedWords}>
              <p>You may not decide this. {refused.reason}</p>
              <p>{refused.who} Send one of them the address of this page:</p>
              <CopyButton text={location.href} label="Copy the address of this page">
                Copy the address
              </CopyButton>
            </div>
          </div>
        )}
        {mine === undefined ? null : <p>You approved it. {leftWords(approval)} You can still deny it.</p>}
        {refused === undefined ? (
          <TextArea
            label="Comment"
            hint="Whoever looks at the run later reads it."
            value={comment}
            maxLength={LONGEST_COMMENT}
            onText={setComment}
          />
        ) : null}
        <div className={styles.buttons}>
          <Button
            kind="primary"
            icon={Check}
            busy={approve.busy}
            disabled={busy || next === undefined || mine !== undefined || made !== undefined}
            {...allowed}
            onClick={() => send('approved')}
          >
            Approve
          </Button>
          <Button
            kind="danger"
            icon={X}
            busy={deny.busy}
            disabled={busy || next === undefined || made === 'denied'}
            {...allowed}
            onClick={() => send('denied')}
          >
            Deny
          </Button>
        </div>
      </Card>
    </Section>
  );
}

const OUTCOMES = {
  approved: 'It is approved. The run goes on.',
  denied: 'It is denied. The step has failed with that.',
  cancelled: 'There is nothing to decide any more: the step that asked has ended, or its run was cancelled.',
} as const;

function leftWords(approval: ApprovalRequest): string {
  const left = approval.min_approvals - approvals(approval);
  return left === 1 ? 'One more person has to.' : `${left} more people have to.`;
}

function wordsFor(approval: ApprovalRequest, decision: 'approved' | 'denied') {
  if (decision === 'denied') return { title: 'Denied', text: 'The step fails with that.' };
  if (approval.status === 'approved') return { title: 'Approved', text: 'The run goes on.' };
  return { title: 'Your approval counts', text: leftWords(approval) };
}
