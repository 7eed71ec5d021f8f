import { parentPort, workerData } from 'node:worker_threads';

/** What the thread is started with, and what it says at its end. */
export type Job = { readonly module: string; readonly request: unknown };
export type Outcome =
  | { readonly answered: string }
  /** `missing`: it has no function to call. */
  | { readonly failed: string; readonly missing?: true };

const { module, request } = workerData as Job; // as: what local/invoke.ts puts there

const CODE = /^[A-Z][A-Z0-9_]*$/;

/** An error with a `code` is an expected failure; any other one is a fault of the module. */
async function run(): Promise<Outcome> {
  const { default: action } = (await import(module)) as { readonly default?: unknown };
  if (typeof action !== 'function') return { failed: 'it exports no function as its default', missing: true };
  try {
    const outputs: unknown = await action(request);
    return { answered: JSON.stringify({ outputs: outputs ?? {} }) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const message = error instanceof Error ? error.message : String(error);
    if (typeof code !== 'string' || !CODE.test(code)) return { failed: message };
    return { answered: JSON.stringify({ error: { code, message } }) };
  }
}

run().then(
  outcome => parentPort?.postMessage(outcome),
  (error: unknown) => parentPort?.postMessage({ failed: error instanceof Error ? error.message : String(error) }),
);
