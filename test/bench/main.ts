import { benchLoad } from './load.ts';
import { benchStart } from './start.ts';
import { benchUnits } from './units.ts';

const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  units: benchUnits,
  load: benchLoad,
  start: benchStart,
};

const [name = '', ...args] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench === undefined) {
  console.error(`npm run bench -- ${Object.keys(BENCHES).join('|')}`);
  process.exitCode = 2;
} else {
  await bench(args);
}
