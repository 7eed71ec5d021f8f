import { useRef } from 'react';

/** As `act`, but for calls that come while one is on its way: a button that is clicked twice does it once. */
export function useOnce<Args extends readonly unknown[]>(
  act: (...args: Args) => Promise<void>,
): (...args: Args) => void {
  const running = useRef(false);
  return (...args) => {
    if (running.current) return;
    running.current = true;
    void act(...args).finally(() => {
      running.current = false;
    });
  };
}
