/** From the least to the most grave. */
export const LEVELS = ['debug', 'info', 'warning', 'error'] as const;

export type Level = (typeof LEVELS)[number];

/** As the API lists it; `at` is ISO 8601. */
export type LogLine = { readonly at: string; readonly level: Level; readonly message: string };

/** The log of one step. Lines are only ever added at the end. */
export type LogSection = {
  readonly id: string;
  readonly title: string;
  /** Of the step: `executing`, `succeeded`, …. */
  readonly status?: string;
  readonly lines: readonly LogLine[];
};

/** A line by its section and its number from 1: what a link names. */
export type LinePlace = { readonly section: string; readonly line: number };
