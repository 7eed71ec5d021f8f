import { Menu as Base } from '@base-ui/react/menu';
import { Check, type LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import styles from './popup.module.css';

export type MenuItem = {
  readonly label: string;
  readonly icon?: LucideIcon;
  /** Another page; else `act`. */
  readonly to?: string;
  readonly act?: () => void;
  readonly chosen?: boolean;
  readonly dangerous?: boolean;
  /** Why it cannot be chosen; absent: it can. */
  readonly refused?: string | undefined;
};

export type MenuGroup = { readonly label?: string; readonly items: readonly MenuItem[] };

/** A button (`trigger`) that opens a list of things to do. */
export function Menu({ trigger, groups }: { readonly trigger: ReactElement; readonly groups: readonly MenuGroup[] }) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align="start" collisionPadding={8} className={styles.positioner}>
          <Base.Popup className={styles.menu}>
            {groups.map((group, index) => (
              <Base.Group key={group.label ?? index}>
                {index === 0 ? null : <Base.Separator className={styles.separator} />}
                {group.label === undefined ? null : (
                  <Base.GroupLabel className={styles.group}>{group.label}</Base.GroupLabel>
                )}
                {group.items.map(item => (
                  <Item key={item.to ?? item.label} {...item} />
                ))}
              </Base.Group>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Item({ label, icon: Icon, to, act, chosen = false, dangerous = false, refused }: MenuItem) {
  const inside = (
    <>
      {Icon === undefined ? null : <Icon size={16} aria-hidden />}
      <span>
        {label}
        {refused === undefined ? null : <span className={styles.itemNote}>{refused}</span>}
      </span>
      {chosen ? <Check size={16} className={styles.check} aria-label="chosen" /> : null}
    </>
  );
  return (
    <Base.Item
      className={`${styles.item} ${dangerous ? styles.dangerous : ''}`}
      disabled={refused !== undefined}
      {...(to === undefined ? {} : { render: <Link to={to} /> })}
      {...(act === undefined ? {} : { onClick: act })}
    >
      {inside}
    </Base.Item>
  );
}
