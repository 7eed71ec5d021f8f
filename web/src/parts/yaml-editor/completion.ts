/** What an editor offers at a place. */
export type Completion = {
  readonly label: string;
  readonly kind: 'key' | 'value' | 'job' | 'context' | 'function';
  /** In a word or two: its type, `required`. */
  readonly detail?: string;
  readonly info?: string;
  /** The text that replaces what is there; absent: the label. */
  readonly insert?: string;
};

export type Completions = {
  readonly from: number;
  readonly to: number;
  readonly options: readonly Completion[];
};

/** What the definition itself does not say. */
export type Known = {
  /** Keys of `app.values`. */
  readonly appValues?: readonly string[];
};
