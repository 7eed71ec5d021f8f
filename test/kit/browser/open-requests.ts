import type { Page } from 'playwright-core';

/** Answers how many requests, of those made from now on, are not over. Unlike `networkidle` this is no matter of time. */
export function openRequests(page: Page): () => number {
  const open = new Set<unknown>();
  page.on('request', request => open.add(request));
  page.on('requestfinished', request => open.delete(request));
  page.on('requestfailed', request => open.delete(request));
  return () => open.size;
}
