import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useAction, useApi } from '../../api/api.ts';
import { useRights } from '../../api/can.ts';
import { useSend } from '../../api/use-send.ts';
import { pathTo, useParam, usePlace } from '../../app/place.ts';
import {
  Button,
  Card,
  ConfirmDialog,
  CopyButton,
  ErrorPanel,
  Facts,
  LoadingRows,
  PageHeader,
  Section,
  say,
  Time,
} from '../../ui/index.ts';
import styles from './access.module.css';
import { Tokens } from './tokens.tsx';

/** One robot: what it is, and its tokens. */
export function ServiceUserPage() {
  const place = usePlace();
  const { org } = place;
  const user = useParam('user');
  const read = useApi('getUserInOrg', { params: { org, user } });
  const { can } = useRights({ org });
  const [removing, setRemoving] = useState(false);
  const { data } = read;
  return (
    <>
      <PageHeader
        title={data?.name ?? 'Service user'}
        crumbs={[
          { label: 'Access', to: pathTo.access(place) },
          { label: 'Service users', to: pathTo.ofAccess(place, 'service-users') },
        ]}
        actions={
          data === undefined ? undefined : (
            <Button icon={Trash2} allowed={can('users.remove')} onClick={() => setRemoving(true)}>
              Remove from the org
            </Button>
          )
        }
      />
      {read.error === undefined ? null : (
        <ErrorPanel title="The service user could not be read" error={read.error} again={read.again} />
      )}
      {read.pending ? <LoadingRows rows={4} label="Loading the service user" /> : null}
      {data === undefined ? null : (
        <>
          <Card>
            <Facts
              facts={[
                [`Role in ${org}`, data.role],
                ['Made', <Time key="made" at={data.created_at} />],
                [
                  'Id',
                  <span key="id" className={styles.id}>
                    <code>{data.id}</code>
                    <CopyButton text={data.id} label="Copy the id" />
                  </span>,
                ],
              ]}
            />
          </Card>
          <Section title="Tokens">
            <p className={styles.note}>
              A program sends one with each request. Each can be revoked by itself: the next request with it is refused.
            </p>
            <Tokens user={user} />
          </Section>
        </>
      )}
      {removing ? <Remove name={data?.name ?? user} user={user} onClose={() => setRemoving(false)} /> : null}
    </>
  );
}

function Remove({
  name,
  user,
  onClose,
}: {
  readonly name: string;
  readonly user: string;
  readonly onClose: () => void;
}) {
  const place = usePlace();
  const navigate = useNavigate();
  const { run } = useAction('removeUserFromOrg', ['listUsersInOrg', 'listUsersInApp', 'listUsersInEnvType']);
  const { submit, busy, error } = useSend(async () => {
    const answer = await run({ params: { org: place.org, user } });
    if (!answer.ok) return answer.error;
    say({ title: 'The service user was removed' });
    await navigate(pathTo.ofAccess(place, 'service-users'), { replace: true });
    return undefined;
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Remove ${name} from ${place.org}?`}
      act="Remove the service user"
      busy={busy}
      onConfirm={submit}
    >
      {error === undefined ? null : <ErrorPanel title="The service user was not removed" error={error} />}
      <p>
        It loses all its roles in this org, and if it is in no other one its tokens are gone too. This cannot be taken
        back.
      </p>
    </ConfirmDialog>
  );
}
