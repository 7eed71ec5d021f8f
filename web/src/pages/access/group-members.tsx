import { useApiList } from '../../api/api.ts';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import { Button, Dialog, ErrorPanel, LoadingRows, LoadMore } from '../../ui/index.ts';
import styles from './access.module.css';
import type { Holder } from './roles-of.ts';
import { KINDS } from './who.tsx';

/** Who has the roles of a group, by being in it. */
export function GroupMembers({
  org,
  group,
  onClose,
}: {
  readonly org: string;
  readonly group: Holder;
  readonly onClose: () => void;
}) {
  const members = useApiList('listMembers', { params: { org, group: group.id }, query: { per_page: 100 } });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Members of ${group.name}`}
      actions={
        <Button kind="primary" onClick={onClose}>
          Close
        </Button>
      }
    >
      {members.error === undefined ? null : (
        <ErrorPanel title="The members could not be read" error={members.error} again={members.again} />
      )}
      {members.pending ? <LoadingRows rows={3} label="Loading the members" /> : null}
      {members.items?.length === 0 ? <p>Nobody is in the group, so nobody has its roles.</p> : null}
      <ul className={styles.part}>
        {(members.items ?? []).map(member => {
          const { icon: Icon, text } = KINDS[member.type];
          return (
            <li key={member.id} className={styles.who}>
              <Icon size={16} aria-label={text} />
              <InertText text={member.name} />
            </li>
          );
        })}
      </ul>
      <LoadMore more={members.more} busy={members.loadingMore} />
    </Dialog>
  );
}
