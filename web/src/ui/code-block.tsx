import styles from './code-block.module.css';
import { CopyButton } from './copy-button.tsx';

/** Text to read or to copy, exactly as it is. Scrolls sideways, with the keyboard too. */
export function CodeBlock({
  text,
  label,
  wrap = false,
  copy = true,
}: {
  readonly text: string;
  readonly label: string;
  readonly wrap?: boolean;
  readonly copy?: boolean;
}) {
  return (
    <div className={styles.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section tabIndex={0} aria-label={label} className={styles.scroll}>
        <pre className={wrap ? styles.wrap : undefined}>
          <code>{text}</code>
        </pre>
      </section>
      {copy ? (
        <div className={styles.copy}>
          <CopyButton text={text} label={`Copy: ${label}`} />
        </div>
      ) : null}
    </div>
  );
}
