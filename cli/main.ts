import { check } from './check.ts';

const [command, ...args] = process.argv.slice(2);
if (command === 'check') {
  process.exitCode = await check(args, line => console.log(line));
} else {
  console.error(`'${command ?? ''}' is no command; there is: check`);
  process.exitCode = 2;
}
