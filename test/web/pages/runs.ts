import type { WebPage } from './page.ts';

export const runsPages: readonly WebPage[] = [];
