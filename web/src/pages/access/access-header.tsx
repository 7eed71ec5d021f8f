import type { ReactNode } from 'react';
import { type Place, pathTo } from '../../app/place.ts';
import { PageHeader, Tabs } from '../../ui/index.ts';

/** The head that the parts of Access share. */
export function AccessHeader({
  place,
  title,
  actions,
}: {
  readonly place: Place;
  readonly title: string;
  readonly actions?: ReactNode;
}) {
  return (
    <>
      <PageHeader title={title} actions={actions} />
      <Tabs
        label="Parts of Access"
        tabs={[
          { to: pathTo.access(place), label: 'Roles' },
          { to: pathTo.ofAccess(place, 'service-users'), label: 'Service users', end: false },
          { to: pathTo.ofAccess(place, 'values'), label: 'Values' },
          { to: pathTo.ofAccess(place, 'audit'), label: 'Audit log' },
        ]}
      />
    </>
  );
}
