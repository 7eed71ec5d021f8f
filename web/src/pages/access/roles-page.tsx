import { useApiList } from '../../api/api.ts';
import { useRights } from '../../api/can.ts';
import { usePlace } from '../../app/place.ts';
import { RightsError } from '../../app/rights-error.tsx';
import { ErrorPanel, InOrder, LoadingRows, LoadMore, Section } from '../../ui/index.ts';
import styles from './access.module.css';
import { AccessHeader } from './access-header.tsx';
import { NotAllowed } from './not-allowed.tsx';
import { RoleList } from './role-list.tsx';
import { useAppRoles, useEnvTypeRoles } from './roles-of.ts';

/** Who has which role on this app, and on the types of environments. */
export function RolesPage() {
  const place = usePlace();
  const rights = useRights(place);
  const { can, pending, error } = rights;
  return (
    <>
      <AccessHeader place={place} title="Access" />
      <InOrder>
        <Section title={`Roles on the app ${place.app}`}>
          <p className={styles.note}>
            A viewer reads. A developer starts runs and reads and writes values too. An owner changes pipelines and
            gives roles too.
          </p>
          {pending ? <LoadingRows rows={4} label="Loading the roles" /> : null}
          {!pending && can('app-roles.read').allowed ? <AppRoles /> : null}
          <RightsError rights={rights} />
          {!pending && error === undefined && !can('app-roles.read').allowed ? (
            <NotAllowed title="You may not see who has roles on this app">
              <p>Owners of the app see them, and administrators of the org. Ask one of them when you need a role.</p>
            </NotAllowed>
          ) : null}
        </Section>
        <EnvTypes />
      </InOrder>
    </>
  );
}

function AppRoles() {
  const roles = useAppRoles(usePlace());
  return <RoleList roles={roles} />;
}

function EnvTypes() {
  const { org } = usePlace();
  const rights = useRights({ org });
  const { can, pending, error } = rights;
  const types = useApiList('listEnvTypes', { params: { org }, query: { per_page: 100 } });
  return (
    <Section title="Roles on types of environments">
      <p className={styles.note}>
        A deployer of a type decides approvals about environments of that type and deploys to them, in apps where they
        are a developer or an owner.
      </p>
      {types.error === undefined ? null : (
        <ErrorPanel title="The types of environments could not be read" error={types.error} again={types.again} />
      )}
      {types.pending || pending ? <LoadingRows rows={4} label="Loading the types of environments" /> : null}
      <RightsError rights={rights} />
      {!pending && error === undefined && types.error === undefined && !can('env-type-roles.read').allowed ? (
        <NotAllowed title="You may not see who is a deployer">
          <p>Administrators of {org} see it and give the role; ask one of them.</p>
        </NotAllowed>
      ) : null}
      {types.items?.length === 0 ? (
        <p>The org has no types of environments yet. An administrator makes them through the API.</p>
      ) : null}
      <InOrder>
        {can('env-type-roles.read').allowed
          ? (types.items ?? []).map(type => (
              <EnvTypeRoles key={type.id} org={org} envType={type.id} about={type.description} />
            ))
          : null}
        <LoadMore more={types.more} busy={types.loadingMore} />
      </InOrder>
    </Section>
  );
}

function EnvTypeRoles({
  org,
  envType,
  about,
}: {
  readonly org: string;
  readonly envType: string;
  readonly about: string;
}) {
  const roles = useEnvTypeRoles(org, envType);
  return (
    <section className={styles.part} aria-label={`Deployers of ${envType}`}>
      <div>
        <h3>{envType}</h3>
        {about === '' || about === envType ? null : <p className={styles.note}>{about}</p>}
      </div>
      <RoleList roles={roles} />
    </section>
  );
}
