import { Link } from 'react-router';
import styles from './status.module.css';
import { statusLook } from './status.ts';
import { exactTime } from './time-words.ts';
import { Tooltip } from './tooltip.tsx';

export type StripRun = { readonly id: string; readonly status: string; readonly at: string; readonly to: string };

/** The last runs, the newest on the right: each a link that says what became of it. Shape differs by status, not colour alone. */
export function StatusStrip({ runs, places = 10 }: { readonly runs: readonly StripRun[]; readonly places?: number }) {
  const shown = runs.slice(0, places).reverse();
  const free = Array.from({ length: places - shown.length }, (_, index) => index);
  return (
    <ul className={styles.strip} aria-label="Last runs, the newest last">
      {free.map(place => (
        <li key={place} className={styles.free} aria-hidden />
      ))}
      {shown.map(run => {
        const { text, tone, icon: Icon } = statusLook(run.status);
        const words = `${text}, ${exactTime(run.at)}`;
        return (
          <li key={run.id}>
            <Tooltip text={words} named>
              <Link to={run.to} aria-label={words} className={`${styles.cell} ${styles[`${tone}Solid`]}`}>
                <Icon size={13} aria-hidden />
              </Link>
            </Tooltip>
          </li>
        );
      })}
    </ul>
  );
}
