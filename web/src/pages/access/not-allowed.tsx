import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { pathTo } from '../../app/place.ts';
import { Empty, LinkButton } from '../../ui/index.ts';

/** Instead of a part that one may not see: the server is not asked, because its refusals fill the audit log. */
export function NotAllowed({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Empty title={title} icon={Lock} action={<LinkButton to={pathTo.me()}>What may I do?</LinkButton>}>
      {children}
    </Empty>
  );
}
