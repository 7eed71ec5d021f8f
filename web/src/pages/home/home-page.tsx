import { AppWindow } from 'lucide-react';
import { Link } from 'react-router';
import { useApi, useApiList } from '../../api/api.ts';
import { pathTo } from '../../app/place.ts';
import {
  CodeBlock,
  Empty,
  ErrorPanel,
  InOrder,
  LoadingRows,
  LoadMore,
  PageHeader,
  Section,
  Time,
} from '../../ui/index.ts';
import styles from './home.module.css';

/** All apps that one may see, by org. */
export function HomePage() {
  const me = useApi('getCurrentUser', {});
  const orgs = Object.keys(me.data?.roles ?? {});
  return (
    <>
      <PageHeader title="Apps" />
      {me.error === undefined ? null : (
        <ErrorPanel title="Your orgs could not be read" error={me.error} again={me.again} />
      )}
      {me.pending ? <LoadingRows rows={3} label="Loading the apps" /> : null}
      {me.data !== undefined && orgs.length === 0 ? (
        <Empty title="You are in no org yet">
          <p>Ask an administrator to invite you. Until then there is nothing that you may see.</p>
        </Empty>
      ) : null}
      <InOrder>
        {orgs.map(org => (
          <OrgApps key={org} org={org} />
        ))}
      </InOrder>
    </>
  );
}

function OrgApps({ org }: { readonly org: string }) {
  const apps = useApiList('listApps', { params: { org } });
  return (
    <Section title={org}>
      {apps.error === undefined ? null : (
        <ErrorPanel title={`The apps of ${org} could not be read`} error={apps.error} again={apps.again} />
      )}
      {apps.pending ? <LoadingRows rows={2} label="Loading the apps" /> : null}
      {apps.items?.length === 0 ? <NoApps org={org} /> : null}
      <ul className={styles.apps}>
        {(apps.items ?? []).map(app => (
          <li key={app.id}>
            <Link to={pathTo.pipelines({ org, app: app.id })} className={styles.app}>
              <AppWindow size={20} aria-hidden />
              <span className={styles.name}>{app.name}</span>
              <span className={styles.id}>{app.id}</span>
            </Link>
            <p className={styles.note}>
              {app.envs.length === 0 ? 'No environments' : app.envs.map(env => env.name).join(', ')}
              {' · created '}
              <Time at={app.created_at} />
            </p>
          </li>
        ))}
      </ul>
      <LoadMore more={apps.more} busy={apps.loadingMore} />
    </Section>
  );
}

function NoApps({ org }: { readonly org: string }) {
  return (
    <Empty title="No app that you may see" icon={AppWindow}>
      <p>
        Pipelines live in apps. Ask an owner of an app for a role on it; a manager or an administrator of the org makes
        a new one:
      </p>
      <CodeBlock
        label="Command that makes an app"
        wrap
        text={`curl -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"id": "shop", "name": "Shop"}' ${window.location.origin}/orgs/${org}/apps`}
      />
    </Empty>
  );
}
