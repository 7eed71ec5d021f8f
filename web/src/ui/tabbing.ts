let tabbing = false;

addEventListener('keydown', ({ key }) => (tabbing = key === 'Tab'), true);
addEventListener('click', () => (tabbing = false), true);

/** Whether somebody is on the way through the page: the last they did was to press the Tab key. */
export const isTabbing = (): boolean => tabbing;
