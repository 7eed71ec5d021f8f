import type { Json } from '../../api/types.ts';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import { CopyButton } from '../../ui/index.ts';
import styles from './run.module.css';

type Values = { readonly [name: string]: Json };

/** Inputs or outputs: name and value, each as it is. Secret ones come masked from the server. */
export function RunValues({
  label,
  values,
  none,
}: {
  readonly label: string;
  readonly values: Values;
  readonly none: string;
}) {
  const entries = Object.entries(values);
  if (entries.length === 0) return <p className={styles.none}>{none}</p>;
  return (
    <dl className={styles.values} aria-label={label}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>
            <InertText text={name} />
          </dt>
          <dd>
            <Value name={name} value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Characters above which a value scrolls in a box of its own. */
const LONG = 400;

function Value({ name, value }: { readonly name: string; readonly value: Json }) {
  if (value === null) return <span className={styles.none}>nothing (null)</span>;
  if (value === '') return <span className={styles.none}>an empty text</span>;
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  const scrolls = text.length > LONG || text.includes('\n');
  return (
    <div className={styles.value}>
      <div
        className={scrolls ? styles.longValue : styles.shortValue}
        {...(scrolls ? { tabIndex: 0, role: 'region', 'aria-label': `Value of ${name}` } : {})}
      >
        <InertText text={text} />
      </div>
      <CopyButton text={text} label={`Copy ${name}`} />
    </div>
  );
}
