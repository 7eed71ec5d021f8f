/** Every context that exists: what is known but not allowed at a place gets a message of its own. */
export const CONTEXTS = ['inputs', 'pipeline', 'app', 'needs', 'steps', 'jobs', 'event'] as const;

export type Context = (typeof CONTEXTS)[number];

export function contextOf(name: string): Context | undefined {
  const folded = name.toLowerCase();
  return CONTEXTS.find(context => context === folded);
}
