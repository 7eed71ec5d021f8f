import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { openWeb, type Web } from './open-web.ts';
import './build-web.ts';

/** One server and one browser for the tests of a file; each test closes its pages, and fails when a page had any trouble. */
export function useWeb(): Web {
  let opened: Web | undefined;
  beforeAll(async () => {
    opened = await openWeb(inject('webFolder'));
  });
  afterEach(async () => {
    await opened?.closePages();
    expect(opened?.troubles() ?? []).toEqual([]);
  });
  afterAll(() => opened?.close());
  const web = (): Web => {
    if (opened === undefined) throw new Error('the web is opened before the first test, not while a file is read');
    return opened;
  };
  return {
    get url() {
      return web().url;
    },
    get tokens() {
      return web().tokens;
    },
    api: (...args) => web().api(...args),
    open: (...args) => web().open(...args),
    troubles: () => web().troubles(),
    closePages: () => web().closePages(),
    close: () => web().close(),
  };
}
