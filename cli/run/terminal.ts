import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { EXIT, type Streams } from './streams.ts';

/** The first Ctrl-C aborts it, the second ends the process. Unless it is asked for, the first one does. */
export function interrupts(): AbortSignal {
  const interrupt = new AbortController();
  process.on('SIGINT', () => {
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
    interrupt.abort();
  });
  return interrupt.signal;
}

/** Those of this process. */
export function terminalStreams(interrupt = new AbortController().signal): Streams {
  return {
    fetch,
    sleep: async (ms, signal) => {
      try {
        await setTimeout(ms, undefined, signal === undefined ? {} : { signal });
      } catch (error) {
        if (signal?.aborted !== true) throw error;
      }
    },
    random: Math.random,
    stdin: process.stdin,
    ...(process.stdin.isTTY ? { askHidden } : {}),
    environment: process.env,
    print: line => console.log(line),
    tell: line => console.error(line),
    newKey: randomUUID,
    interrupt,
  };
}

/** A terminal echoes what an interface writes, so this one writes to nowhere. */
async function askHidden(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_, __, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  process.stderr.write(question);
  try {
    lines.once('SIGINT', () => process.exit(EXIT.interrupted));
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
