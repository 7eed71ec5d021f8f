import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { hasFocus, takesKeys } from '../kit/browser/focus.ts';
import { useWeb } from '../kit/browser/use-web.ts';

const web = useWeb();

/** More stops than any page of these has. */
const MOST_STOPS = 150;

/** Presses Tab until the focus is there, as somebody does who has no mouse. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    if (await hasFocus(target)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the Tab key does not lead to ${String(target)}`);
}

async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target);
  // Until it is known what somebody may do, buttons do nothing.
  await expect.poll(() => target.getAttribute('aria-disabled')).not.toBe('true');
  await page.keyboard.press(key);
}

async function signIn(page: Page, token: string): Promise<void> {
  await takesKeys(page.getByLabel('Token'));
  await page.keyboard.type(token);
  await page.keyboard.press('Enter');
  await press(page, page.getByRole('link', { name: /^Hello/ }));
}

const DEFINITION = `id: by-keyboard
name: By keyboard
on:
  pipeline_call:
    inputs:
      version: { type: string, required: true }
jobs:
  release:
    steps:
      - name: Ask
        uses: actions/humanitec/approve@v1
        with: { environment: production, message: "Release \${{ inputs.version }}?" }
      - name: Release
        uses: actions/humanitec/fail@v1
        with: { message: "The registry has no version \${{ inputs.version }}." }
`;

test('without a mouse: from signing in over a pipeline, its run and an approval to why it failed', async () => {
  const mine = await web.open(undefined, '/');
  await signIn(mine, web.tokens.owner);

  // A pipeline is made.
  await press(mine, mine.getByRole('button', { name: 'New pipeline' }));
  await mine.getByText('Nothing is wrong with it').waitFor();
  await tabTo(mine, mine.getByRole('textbox', { name: /^Definition/ }));
  await mine.keyboard.press('Control+A');
  await mine.evaluate(copied => navigator.clipboard.writeText(copied), DEFINITION);
  await mine.keyboard.press('Control+V');
  await mine.getByText('id: by-keyboard').waitFor();
  await mine.getByText('Nothing is wrong with it').waitFor();
  // In the editor Tab indents; after Escape it leads on.
  await mine.keyboard.press('Escape');
  await press(mine, mine.getByRole('button', { name: 'Make the pipeline' }), 'Space');
  await mine.waitForURL('**/pipelines/by-keyboard');

  // It is started: first without what it needs.
  await press(mine, mine.getByRole('link', { name: 'Start the first run' }));
  const version = mine.getByRole('textbox', { name: /^version/ });
  await tabTo(mine, version);
  await press(mine, mine.getByRole('button', { name: 'Start the run' }), 'Space');
  await mine.getByText('version is required').first().waitFor();
  // The focus is where something is to be mended.
  await takesKeys(version);
  await mine.keyboard.type('7.1');
  await press(mine, mine.getByRole('button', { name: 'Start the run' }), 'Space');
  await mine.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
  await mine.getByRole('region', { name: 'What the run waits for' }).getByText('waits for an approval').waitFor();

  // Somebody else approves it.
  const theirs = await web.open(undefined, '/');
  await signIn(theirs, web.tokens.deployer);
  await press(theirs, theirs.getByRole('link', { name: /^Approvals/ }));
  await press(theirs, theirs.getByRole('link', { name: 'Release 7.1?' }));
  await tabTo(theirs, theirs.getByRole('textbox', { name: /^Comment/ }));
  await theirs.keyboard.type('Go ahead.');
  await press(theirs, theirs.getByRole('button', { name: 'Approve' }), 'Space');
  await theirs.getByText('It is approved. The run goes on.').waitFor();

  // Who watches sees why it failed, without a reload, and goes to the log of the step.
  const failure = mine.getByRole('region', { name: 'Why it failed' });
  await failure.getByText('The registry has no version 7.1.').first().waitFor();
  await press(mine, failure.getByRole('link', { name: 'See the step and its whole log' }));
  await mine.waitForURL(/\/jobs\/release\?step=2/);
});
