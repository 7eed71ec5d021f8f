/**
 * A process of its own that writes to a table until it is killed, and tells each write when it was acknowledged.
 * Arguments: the file of the table, the number of writers.
 */
import { openTable } from '../../../local/table/open-table.ts';

const [file = '', writers = '1'] = process.argv.slice(2);
const table = openTable({ file, clock: { now: () => 0 } });
process.stdout.write('open\n');

async function write(writer: number): Promise<never> {
  const update = { pk: 'count', sk: `${writer}` };
  for (let n = 1; ; n++) {
    // Longer text now and then, so that the log is copied into the file while this goes on.
    await table.writeInOrder([
      [{ put: { pk: `writer-${writer}`, sk: `${n}`, text: 'x'.repeat(n % 7 === 0 ? 20_000 : 200) } }],
      [{ update, add: { n: 1 } }],
    ]);
    process.stdout.write(`${writer} ${n}\n`);
  }
}

await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => write(writer)));
