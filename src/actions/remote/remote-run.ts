import type { Answer } from '../action.ts';
import type { Reply } from './reply.ts';

/** Something that was started at a provider. */
export type Started = { readonly id: number; readonly url: string };

export type Progress = { readonly over: false } | { readonly over: true; readonly answer: Answer };

/** A kind of run at a provider: how it is started, found again, looked at and ended. */
export type RemoteRun = {
  /** For `waiting_for`: `github-workflow(acme/shop/deploy.yml)`. */
  readonly label: string;
  /** For messages: `workflow run`. */
  readonly noun: string;
  /** `startedAt`: it was started, by the provider's clock, and the provider does not say which one it is. */
  start(uid: string): Promise<Reply<Started | { readonly startedAt: number }>>;
  /** Those that this step may have started at `since` or later; with a sign of its own there is one at most. */
  find(uid: string, since: number): Promise<Reply<readonly Started[]>>;
  look(started: Started): Promise<Reply<Progress>>;
  end(started: Started): Promise<Reply<unknown>>;
};
