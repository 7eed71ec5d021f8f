import {
  Ban,
  Circle,
  CircleCheck,
  CircleDashed,
  CircleX,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  SkipForward,
} from 'lucide-react';

/** Where a run, a job, a step or an approval stands, for people: a word, an icon and a colour that say the same. */
export type StatusLook = {
  readonly text: string;
  readonly icon: LucideIcon;
  readonly tone: 'ok' | 'fail' | 'run' | 'wait' | 'idle';
};

const LOOKS: Readonly<Record<string, StatusLook>> = {
  succeeded: { text: 'Succeeded', icon: CircleCheck, tone: 'ok' },
  failed: { text: 'Failed', icon: CircleX, tone: 'fail' },
  cancelled: { text: 'Cancelled', icon: Ban, tone: 'idle' },
  skipped: { text: 'Skipped', icon: SkipForward, tone: 'idle' },
  executing: { text: 'Executing', icon: LoaderCircle, tone: 'run' },
  waiting: { text: 'Waiting', icon: Hourglass, tone: 'wait' },
  queued: { text: 'Queued', icon: CircleDashed, tone: 'wait' },
  pending: { text: 'Pending', icon: CircleDashed, tone: 'idle' },
  approved: { text: 'Approved', icon: CircleCheck, tone: 'ok' },
  denied: { text: 'Denied', icon: CircleX, tone: 'fail' },
};

/** A status of a server that is newer than this page is shown as the word that it is. */
export const statusLook = (status: string): StatusLook => LOOKS[status] ?? { text: status, icon: Circle, tone: 'idle' };
