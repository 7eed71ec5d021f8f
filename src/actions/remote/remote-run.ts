import type { Answer } from '../action.ts';
import type { Reply } from './reply.ts';

/** Something that was started at a provider. */
export type Started = { readonly id: number | string; readonly url: string };

export type Progress = { readonly over: false } | { readonly over: true; readonly answer: Answer };

/** A kind of run at a provider: how it is started, found again and looked at. */
export type RemoteRun = {
  /** For `waiting_for`: `github-workflow(acme/shop/deploy.yml)`. */
  readonly label: string;
  /** For messages: `workflow run`. */
  readonly noun: string;
  /** For `waiting_for` while it goes on. Absent: the label and the id. */
  readonly following?: (started: Started) => string;
  /** Milliseconds between two looks. Absent: as `pause` says. */
  readonly pace?: (looks: number) => number;
  /**
   * `startedAt`: it was started, by the provider's clock, and the provider does not say which one it is. `answer`: it is
   * over already.
   */
  start(uid: string): Promise<Reply<Started | { readonly startedAt: number } | { readonly answer: Answer }>>;
  /**
   * Those that this step may have started at `since` or later; with a sign of its own there is one at most. Absent: to
   * start it again does no harm.
   */
  find?(uid: string, since: number): Promise<Reply<readonly Started[]>>;
  /** `since`: when it was started, or found. */
  look(started: Started, since: number): Promise<Reply<Progress>>;
};

/** One that the provider ends when it is asked to. */
export type EndableRun = RemoteRun &
  Required<Pick<RemoteRun, 'find'>> & { end(started: Started): Promise<Reply<unknown>> };
