import type { Outside } from './client.ts';

export type Streams = Outside & {
  readonly stdin: AsyncIterable<Uint8Array | string>;
  /** Present where a person sits at the keyboard: one line, not shown while it is typed. */
  readonly askHidden?: (question: string) => Promise<string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What a program may read. */
  readonly print: (line: string) => void;
  /** For the person at the terminal. */
  readonly tell: (line: string) => void;
  readonly newKey: () => string;
  /** Aborts when the person presses Ctrl-C. */
  readonly interrupt: AbortSignal;
};

/** What a command ends with. */
export const EXIT = { succeeded: 0, failed: 1, misused: 2, cancelled: 3, notReached: 4, interrupted: 130 } as const;

export type Exit = (typeof EXIT)[keyof typeof EXIT];
