import { useQueries } from '@tanstack/react-query';
import { ChevronsUpDown, LayoutGrid } from 'lucide-react';
import { readQuery, useApi } from '../api/api.ts';
import { Menu } from '../ui/menu.tsx';
import { type Place, pathTo } from './place.ts';
import styles from './shell.module.css';

/** Which org and app one is in, and the way to another. */
export function AppSwitcher({ place }: { readonly place: Place | undefined }) {
  const me = useApi('getCurrentUser', {});
  const orgs = Object.keys(me.data?.roles ?? {});
  const lists = useQueries({
    queries: orgs.map(org => readQuery('listApps', { params: { org }, query: { per_page: 100 } })),
  });
  const groups = orgs.map((org, index) => ({
    label: org,
    items: (lists[index]?.data ?? []).map(app => ({
      label: app.name,
      to: pathTo.pipelines({ org, app: app.id }),
      chosen: place?.org === org && place.app === app.id,
    })),
  }));
  const all = { items: [{ label: 'All apps', icon: LayoutGrid, to: pathTo.home() }] };
  return (
    <Menu
      trigger={
        <button type="button" className={styles.switcher}>
          <span className={styles.switcherText}>
            {place === undefined ? (
              'Choose an app'
            ) : (
              <>
                <span className="sr-only">App: </span>
                <span className={styles.switcherOrg}>{place.org} / </span>
                {place.app}
              </>
            )}
          </span>
          <ChevronsUpDown size={15} aria-hidden />
        </button>
      }
      groups={[...groups.filter(group => group.items.length > 0), all]}
    />
  );
}
