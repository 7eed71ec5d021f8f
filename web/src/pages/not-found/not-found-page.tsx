import { MapPinOff } from 'lucide-react';
import { pathTo } from '../../app/place.ts';
import { Empty, LinkButton, PageHeader } from '../../ui/index.ts';

export function NotFoundPage() {
  return (
    <>
      <PageHeader title="No such page" />
      <Empty
        title="There is no page at this address"
        icon={MapPinOff}
        action={<LinkButton to={pathTo.home()}>All apps</LinkButton>}
      >
        <p>It may be mistyped, or what it showed was deleted.</p>
      </Empty>
    </>
  );
}
