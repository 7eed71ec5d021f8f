import { Bot, User, Users } from 'lucide-react';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import styles from './access.module.css';
import type { Holder } from './roles-of.ts';

export const KINDS = {
  user: { text: 'Person', icon: User },
  service: { text: 'Service user', icon: Bot },
  group: { text: 'Group', icon: Users },
} as const;

export function Who({
  holder,
  isMe,
  isTwin,
}: {
  readonly holder: Holder;
  readonly isMe: boolean;
  /** Somebody else has the same name. */
  readonly isTwin: boolean;
}) {
  const { icon: Icon } = KINDS[holder.type];
  return (
    <span className={styles.who}>
      <Icon size={16} aria-hidden />
      <span>
        <InertText text={holder.name} />
        {isMe ? ' (you)' : ''}
        {holder.email === undefined || holder.email === holder.name ? null : (
          <span className={styles.under}>{holder.email}</span>
        )}
        {isTwin ? <span className={styles.under}>Id …{holder.id.slice(-8)}</span> : null}
      </span>
    </span>
  );
}
