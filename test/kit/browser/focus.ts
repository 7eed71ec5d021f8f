import type { Locator } from 'playwright-core';
import { expect } from 'vitest';

/** Whether the focus is on it or in it; in an editor it is beneath a shadow root. */
export const hasFocus = (target: Locator): Promise<boolean> =>
  target.evaluate(element => {
    const root = element.getRootNode();
    const { activeElement } = root instanceof ShadowRoot ? root : document;
    return activeElement !== null && element.contains(activeElement);
  });

/** Resolves when it has the focus. A window, a list or a field that one sees takes keys a moment after that: until then they go elsewhere. */
export async function takesKeys(target: Locator): Promise<void> {
  await expect.poll(() => hasFocus(target)).toBe(true);
}
