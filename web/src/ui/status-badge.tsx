import styles from './status.module.css';
import { statusLook } from './status.ts';

/** Icon and word; the colour only repeats them. `text` replaces the word, for example "Waits for approval". */
export function StatusBadge({
  status,
  text,
  size = 'm',
}: {
  readonly status: string;
  readonly text?: string;
  readonly size?: 'm' | 's';
}) {
  const { icon: Icon, tone, text: word } = statusLook(status);
  return (
    <span className={`${styles.badge} ${styles[tone]} ${size === 's' ? styles.small : ''}`} data-status={status}>
      <Icon size={size === 's' ? 13 : 15} aria-hidden className={status === 'executing' ? styles.turning : undefined} />
      {text ?? word}
    </span>
  );
}
