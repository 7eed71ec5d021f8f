import { History, KeyRound, Stamp, Workflow } from 'lucide-react';
import { Link, useLocation } from 'react-router';
import { useApi } from '../api/api.ts';
import { type Place, pathTo } from './place.ts';
import styles from './shell.module.css';

/** The parts of an app. */
export function AppNavigation({ place }: { readonly place: Place }) {
  // One page of those that wait is enough for a number; a viewer who may not read them is shown none.
  const waiting = useApi('listApprovals', {
    params: { ...place },
    query: { status: ['waiting'], per_page: 100 },
    every: 15_000,
  });
  const { pathname } = useLocation();
  const count = waiting.data?.length ?? 0;
  const parts = [
    { to: pathTo.pipelines(place), label: 'Pipelines', icon: Workflow },
    { to: pathTo.runs(place), label: 'Runs', icon: History },
    { to: pathTo.approvals(place), label: 'Approvals', icon: Stamp, count },
    { to: pathTo.access(place), label: 'Access', icon: KeyRound },
  ];
  return (
    <nav aria-label={`App ${place.app}`} className={styles.nav}>
      <ul>
        {parts.map(({ to, label, icon: Icon, count: number = 0 }) => (
          <li key={to}>
            <Link to={to} className={styles.navLink} aria-current={isIn(pathname, to, place) ? 'page' : undefined}>
              <Icon size={17} aria-hidden />
              {label}
              {number === 0 ? null : (
                <span className={styles.count}>
                  {number === 100 ? '99+' : number}
                  <span className="sr-only"> waiting</span>
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** An approval has its address below that of its run, and is one of the approvals all the same; a new pipeline has one beside the others. */
function isIn(pathname: string, part: string, place: Place): boolean {
  const isApproval = /\/jobs\/[^/]+\/approvals\//.test(pathname);
  if (pathname === pathTo.newPipeline(place)) return part === pathTo.pipelines(place);
  return isApproval ? part === pathTo.approvals(place) : pathname === part || pathname.startsWith(`${part}/`);
}
