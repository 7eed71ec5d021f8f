/** What a run or a job waits for, read from `waiting_for`. */
export type Wait =
  | { readonly kind: 'approval'; readonly approval: string }
  | { readonly kind: 'time'; readonly until: string }
  | { readonly kind: 'retry'; readonly attempt: string; readonly at: string }
  | { readonly kind: 'callback'; readonly callback: string }
  | { readonly kind: 'run'; readonly run: string }
  | { readonly kind: 'group'; readonly group: string; readonly position: string }
  | { readonly kind: 'deployment'; readonly environment: string }
  /** Of an action that says so itself, or of a newer server. */
  | { readonly kind: 'other'; readonly text: string };

export function readWait(text: string): Wait {
  const [, kind = '', inside = ''] = /^([\w.-]+)\((.*)\)$/s.exec(text) ?? [];
  const [, before = '', after = ''] = /^(.*), (.*)$/s.exec(inside) ?? [];
  switch (kind) {
    case 'approval':
      return { kind, approval: inside };
    case 'time':
      return { kind, until: inside };
    case 'callback':
      return { kind, callback: inside };
    case 'run':
      return { kind, run: inside };
    case 'retry':
      return { kind, attempt: before, at: after };
    case 'concurrency':
      return { kind: 'group', group: before, position: after.replace('position ', '') };
    case 'application.environment':
      return { kind: 'deployment', environment: inside };
    default:
      return { kind: 'other', text };
  }
}

/** In few words, for the graph and for badges. */
export function waitWords(text: string): string {
  const wait = readWait(text);
  switch (wait.kind) {
    case 'approval':
      return 'an approval';
    case 'time':
      return 'a time';
    case 'retry':
      return `another try (${wait.attempt})`;
    case 'callback':
      return 'a callback';
    case 'run':
      return 'another run';
    case 'group':
      return `other runs of ${wait.group}`;
    case 'deployment':
      return `the environment ${wait.environment}`;
    case 'other':
      return wait.text;
  }
}
