import { parentPort } from 'node:worker_threads';
import createJq from 'jq-wasm/dist/build/jq.js';
import type { JqResult } from '../action.ts';

// The thread that runs jq. jq-wasm's own `raw()` is not used: it copies its whole buffer for every byte (256 KiB take
// seconds), hides errors behind the first output and keeps one memory for all jobs. Emscripten's documented settings
// give the same program with linear input and output, exit codes and a fresh memory for each job.
// https://emscripten.org/docs/api_reference/module.html

export type JqWork = {
  readonly filter: string;
  readonly input: string;
  readonly raw: boolean;
  /** Bytes of output; more ends the job. */
  readonly maxBytes: number;
};

/** `begins`: the thread is ready, and what the job takes from now on is the filter's time. */
export type JqMessage = 'begins' | JqResult;

type JqProgram = { callMain(args: readonly string[]): number };
type JqSettings = {
  readonly thisProgram: string;
  readonly wasmBinary: Uint8Array | undefined;
  stdin(): number | null;
  stdout(byte: number | null): void;
  stderr(byte: number | null): void;
  monitorRunDependencies(this: { preRun: unknown }): void;
};

/** Bytes of jq's error text that are kept. */
const MAX_ERROR = 4 * 1024;

/** jq's exit code for a program that does not compile: https://jqlang.org/manual/#invoking-jq */
const COMPILE_ERROR = 3;

/** What of WebAssembly is used here; its types are in TypeScript's `dom` library only. */
type Compiled = { readonly module: object };
declare const WebAssembly: {
  readonly RuntimeError: ErrorConstructor;
  compile(binary: Uint8Array): Promise<Compiled['module']>;
  instantiate(source: object, imports?: object): Promise<object>;
};

// This thread is jq's alone, so its globals may be narrowed. `env.LANG` of jq is made from `navigator`; Emscripten
// prints "Aborted()" on the console when jq runs out of memory, which is said by the answer already.
Object.defineProperty(globalThis, 'navigator', { value: undefined });
console.error = () => undefined;

// jq-wasm carries its binary inside its JavaScript. It is decoded and compiled once, for the first job.
let compiled: Compiled['module'] | undefined;
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (binary: Uint8Array, imports?: object) => {
  compiled ??= await WebAssembly.compile(binary);
  return { module: compiled, instance: await instantiate(compiled, imports) };
};

async function run({ filter, input, raw, maxBytes }: JqWork): Promise<JqResult> {
  const stdin = Buffer.from(input);
  let read = 0;
  // Emscripten swallows what a sink throws, so jq cannot be stopped from here: the other side ends this thread.
  const tooLarge = `The result is more than ${maxBytes} bytes.`;
  const stdout = createSink(maxBytes, () => answer({ ok: false, code: 'RESULT_TOO_LARGE', message: tooLarge }));
  const stderr = createSink(MAX_ERROR, () => undefined);
  const settings: JqSettings = {
    // Otherwise it would be this file's path, which `env._` of jq shows.
    thisProgram: 'jq',
    // Any bytes keep it from decoding the binary again: `compiled` is used.
    wasmBinary: compiled === undefined ? undefined : new Uint8Array(1),
    stdin: () => (read < stdin.length ? (stdin[read++] ?? null) : null),
    stdout: stdout.write,
    stderr: stderr.write,
    // The only hook that is handed the module before it starts. jq-wasm's `preRun` installs the slow input and output;
    // without it Emscripten takes `stdin`, `stdout` and `stderr` from here.
    monitorRunDependencies() {
      this.preRun = [];
    },
  };
  // jq-wasm declares its module as `any`.
  const program = (await createJq(settings)) as JqProgram;
  answer('begins');
  try {
    // Without the space a filter like `-1` would be taken for an option.
    const exit = program.callMain(['-M', '-c', ...(raw ? ['-r'] : []), ` ${filter}`]);
    if (exit === 0) return { ok: true, stdout: stdout.text() };
    // `halt_error` can answer any code.
    return exit === COMPILE_ERROR && / compile errors?\n$/.test(stderr.text())
      ? { ok: false, code: 'INVALID_FILTER', message: spoken(stderr.text(), 'The filter is not a jq program.') }
      : { ok: false, code: 'FILTER_FAILED', message: spoken(stderr.text(), `jq ended with exit code ${exit}.`) };
  } catch (error) {
    // wasm's own traps: out of memory (jq aborts), recursion deeper than the stack.
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
      return { ok: false, code: 'FILTER_FAILED', message: spoken(stderr.text(), `jq broke off: ${error.message}`) };
    }
    throw error;
  }
}

/** What jq said, without the shell's point of view. */
function spoken(text: string, otherwise: string): string {
  const lines = text
    .trim()
    .replace(' (Unix shell quoting issues?)', '')
    .replace(/^jq: error( \(at [^)]*\))?: /, '');
  return lines === '' ? otherwise : lines;
}

function createSink(limit: number, overflow: () => void) {
  let bytes = Buffer.alloc(1024);
  let size = 0;
  return {
    write(byte: number | null) {
      if (byte === null || size > limit) return;
      if (size === bytes.length) bytes = Buffer.concat([bytes], size * 2);
      bytes[size++] = byte;
      if (size > limit) overflow();
    },
    text: () => bytes.toString('utf8', 0, Math.min(size, limit)),
  };
}

function answer(message: JqMessage): void {
  parentPort?.postMessage(message);
}

parentPort?.on('message', async (work: JqWork) => answer(await run(work)));
