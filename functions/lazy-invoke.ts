import type { Invoke } from '../src/ports/invoke.ts';

/** The client of Lambda is loaded with the first registered action: a cold start does without. */
export function lazyInvoke(roleArn: string): Invoke {
  let loading: Promise<Invoke> | undefined;
  return {
    async invoke(target, payload, options) {
      loading ??= import('./open-invoke.ts').then(({ openInvoke }) => openInvoke(roleArn));
      return (await loading).invoke(target, payload, options);
    },
  };
}
