import type { ApprovalRequest } from '../../api/types.ts';
import { PersonName } from '../../app/person-name.tsx';
import type { Place } from '../../app/place.ts';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import { StatusBadge, Time } from '../../ui/index.ts';
import styles from './approval.module.css';

export function Decisions({ place, approval }: { readonly place: Place; readonly approval: ApprovalRequest }) {
  const { decisions, people = {}, status } = approval;
  if (decisions.length === 0) {
    return (
      <p className={styles.muted}>
        {status === 'approved'
          ? 'Nobody decided in time, and the pipeline says that it goes on then.'
          : 'Nobody has said anything.'}
      </p>
    );
  }
  return (
    <ul className={styles.decisions}>
      {decisions.map(({ by, at, decision, comment }) => (
        <li key={by}>
          <p className={styles.step}>
            <StatusBadge status={decision} size="s" />
            <PersonName org={place.org} id={by} name={people[by]} />
            <Time at={at} />
          </p>
          {comment === undefined ? null : (
            <blockquote className={styles.comment}>
              <InertText text={comment} />
            </blockquote>
          )}
        </li>
      ))}
    </ul>
  );
}
