import { useApi } from '../api/api.ts';
import { covers, useRights } from '../api/can.ts';
import { InertText } from '../parts/inert-text/inert-text.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import styles from './person-name.module.css';

/** Whom runs act as whose rights are those of their author. It is no user, so nobody can be asked for its name. */
const PIPELINES_SYSTEM_USER = '00000000-0000-0000-0000-000000000000';

/** Who an id is: oneself, a name where one may read the users of the org, else the end of the id. The whole id on hover. */
export function PersonName({
  org,
  id,
  name,
  me: myself = 'You',
}: {
  readonly org: string;
  readonly id: string;
  /** Where an answer of the server says it beside the id. */
  readonly name?: string | undefined;
  /** What one is called oneself: `you` within a sentence. */
  readonly me?: 'You' | 'you';
}) {
  const me = useApi('getCurrentUser', {});
  const { held } = useRights({ org });
  const isMe = me.data?.id === id;
  const isUser = id !== '' && id !== PIPELINES_SYSTEM_USER;
  // Nobody is asked what they would refuse: refusals fill the audit log.
  const enabled = name === undefined && me.data !== undefined && !isMe && isUser && covers(held, 'users.read', { org });
  const person = useApi('getUserInOrg', { params: { org, user: id }, enabled });
  const shown = name ?? (id === PIPELINES_SYSTEM_USER ? 'Pipelines System User' : person.data?.name);
  if (id === '') return null;
  return (
    <Tooltip text={`Id ${id}`}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the whole id would be the mouse's alone */}
      <span tabIndex={0} className={styles.person}>
        {isMe ? myself : shown === undefined ? <code>…{id.slice(-8)}</code> : <InertText text={shown} />}
      </span>
    </Tooltip>
  );
}
