import { Tooltip as Base } from '@base-ui/react/tooltip';
import type { ReactElement } from 'react';
import styles from './popup.module.css';

/**
 * Says more on hover and on focus. Screen readers hear it as the description of what it belongs to, whether it is shown or not.
 * Never the only place of something that one needs to know.
 */
export function Tooltip({
  text,
  named = false,
  children,
}: {
  /** Undefined: there is nothing more to say. */
  readonly text: string | undefined;
  /** The element is named by this text already, as a button that is an icon is. */
  readonly named?: boolean;
  readonly children: ReactElement;
}) {
  return (
    <Base.Root disabled={text === undefined}>
      <Base.Trigger render={children} delay={300} {...(named ? {} : { 'aria-description': text })} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} className={styles.positioner}>
          <Base.Popup className={styles.tooltip} aria-hidden>
            {text}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
