import { Bot, Plus } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useApiList } from '../../api/api.ts';
import { useRights } from '../../api/can.ts';
import type { OrgUser } from '../../api/types.ts';
import { type Place, pathTo, usePlace } from '../../app/place.ts';
import { RightsError } from '../../app/rights-error.tsx';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import { Button, type Column, Empty, ErrorPanel, InOrder, LoadingRows, Section, Table, Time } from '../../ui/index.ts';
import styles from './access.module.css';
import { AccessHeader } from './access-header.tsx';
import { NewServiceUser } from './new-service-user.tsx';
import { NotAllowed } from './not-allowed.tsx';
import { Tokens } from './tokens.tsx';
import { twinsOf } from './twins.ts';
import { useAll } from './use-all.ts';

/** The robots of the org, and one's own tokens. */
export function ServiceUsersPage() {
  const place = usePlace();
  const { org } = place;
  const rights = useRights({ org });
  const { can, pending } = rights;
  const [making, setMaking] = useState(false);
  const mayRead = can('users.read').allowed;
  return (
    <>
      <AccessHeader
        place={place}
        title="Service users"
        actions={
          <Button kind="primary" icon={Plus} allowed={can('service-users.create')} onClick={() => setMaking(true)}>
            New service user
          </Button>
        }
      />
      <InOrder>
        <Section title={`Service users of ${org}`}>
          <p className={styles.note}>
            A service user is a robot: CI or another program calls the API with its token, and may do what its roles
            say.
          </p>
          {pending ? <LoadingRows rows={3} label="Loading the service users" /> : null}
          <RightsError rights={rights} />
          {!pending && rights.error === undefined && !mayRead ? (
            <NotAllowed title="You may not see the service users">
              <p>Managers and administrators of {org} see and make them; ask one of them for a token of a robot.</p>
            </NotAllowed>
          ) : null}
          {mayRead ? (
            <List place={place} make={() => setMaking(true)} mayMake={can('service-users.create').allowed} />
          ) : null}
        </Section>
        <OwnTokens />
      </InOrder>
      {making ? <NewServiceUser place={place} onClose={() => setMaking(false)} /> : null}
    </>
  );
}

function List({
  place,
  make,
  mayMake,
}: {
  readonly place: Place;
  readonly make: () => void;
  readonly mayMake: boolean;
}) {
  // Users of all kinds are one list; the robots among them are wanted.
  const users = useAll(useApiList('listUsersInOrg', { params: { org: place.org }, query: { per_page: 100 } }));
  const robots = users.items?.filter(({ type }) => type === 'service');
  if (users.error !== undefined) {
    return <ErrorPanel title="The service users could not be read" error={users.error} again={users.again} />;
  }
  if (robots === undefined || (robots.length === 0 && users.more !== undefined)) {
    return <LoadingRows rows={3} label="Loading the service users" />;
  }
  if (robots.length === 0) {
    return (
      <Empty
        title="No service user yet"
        icon={Bot}
        action={
          mayMake ? (
            <Button icon={Plus} onClick={make}>
              Make the first service user
            </Button>
          ) : undefined
        }
      >
        <p>Make one for each program that starts pipelines, so that each has a token that can be revoked by itself.</p>
      </Empty>
    );
  }
  return (
    <Table
      label={`Service users of ${place.org}`}
      columns={columnsOf(place, twinsOf(robots))}
      rows={robots}
      keyOf={({ id }) => id}
    />
  );
}

const columnsOf = (place: Place, isTwin: (robot: OrgUser) => boolean): readonly Column<OrgUser>[] => [
  {
    head: 'Name',
    main: true,
    cell: robot => (
      <>
        <Link to={pathTo.ofAccess(place, 'service-users', robot.id)}>
          <InertText text={robot.name} />
        </Link>
        {isTwin(robot) ? <span className={styles.under}>Id …{robot.id.slice(-8)}</span> : null}
      </>
    ),
  },
  { head: 'Role in the org', cell: ({ role }) => role },
  { head: 'Made', cell: ({ created_at }) => <Time at={created_at} /> },
];

function OwnTokens() {
  return (
    <Section title="Your own tokens">
      <p className={styles.note}>For your own use of the API and the command line. A token may do all that you may.</p>
      <Tokens user="me" />
    </Section>
  );
}
