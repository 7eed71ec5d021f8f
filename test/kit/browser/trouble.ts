import type { Page } from 'playwright-core';

/** A status of 400 or more, which pages handle: Chromium notes it all the same. Files of the UI are looked at below. */
const REFUSED_REQUEST = /^Failed to load resource: the server responded with a status of \d+/;

/** Reports errors of scripts, violations of the content security policy, and files of the UI that were not answered with. */
export async function watchForTrouble(page: Page, report: (trouble: string) => void): Promise<void> {
  page.on('pageerror', error => report(`page error: ${error.stack ?? error.message}`));
  page.on('console', message => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (REFUSED_REQUEST.test(message.text())) return;
    report(`console ${message.type()}: ${message.text()}`);
  });
  page.on('response', response => {
    if (response.status() >= 400 && new URL(response.url()).pathname.startsWith('/ui/')) {
      report(`${response.url()} was answered with ${response.status()}`);
    }
  });
  // Beside Chromium's own words in the console, for those that it does not say there.
  await page.addInitScript(
    `addEventListener('securitypolicyviolation', event => console.error('policy violated: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile + ':' + event.lineNumber + ' ' + event.sample));`,
  );
}
