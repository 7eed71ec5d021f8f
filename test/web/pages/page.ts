import type { Page } from 'playwright-core';
import type { Person, Web } from '../../kit/browser/open-web.ts';

/** A page of the UI that is walked through: screenshots, axe, the keyboard, its width. */
export type WebPage = {
  /** For file names and test names: kebab-case. */
  readonly name: string;
  /** Who looks at it; undefined: nobody is signed in. */
  readonly as: Person | undefined;
  /** Makes what the page shows, once per server, and answers its address (`/me`, without `/ui`). */
  readonly prepare: (web: Web) => Promise<string> | string;
  /** Resolves when the page shows what it is to show. May click something open. */
  readonly ready: (page: Page) => Promise<unknown>;
};
