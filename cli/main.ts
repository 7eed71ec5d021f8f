import { check } from './check.ts';
import { putEvents } from './event.ts';
import { decideCommand } from './run/decide.ts';
import { runCommand } from './run/run-command.ts';
import { interrupts, terminalStreams } from './run/terminal.ts';

// Whoever reads may have enough: `npm run check -- *.yaml | head`.
process.stdout.on('error', error => {
  if (!('code' in error && error.code === 'EPIPE')) throw error;
});

const USAGE = `npm run --silent pipecall -- <command>; docs/api.md has them all.

  run <org>/<app>/<pipeline>           starts a run and follows it to its end
  cancel <org>/<app>/<pipeline>/<run>  asks a run to end
  approve, deny <…>/<run>              decides what the run waits for
  check <file…>                        says what is wrong with definitions
  event <file>                         puts an event on the local bus
  bootstrap                            makes an org and its first administrator`;

const [command, ...args] = process.argv.slice(2);
if (command === 'check') {
  process.exitCode = await check(args, line => console.log(line));
} else if (command === 'event') {
  process.exitCode = await putEvents(args, { environment: process.env, print: line => console.log(line) });
} else if (command === 'bootstrap') {
  // Only here, because it brings the AWS SDK.
  const { bootstrapCommand } = await import('./bootstrap-command.ts');
  try {
    process.exitCode = await bootstrapCommand(args, {
      stdin: process.stdin,
      environment: process.env,
      print: line => console.log(line),
      tell: line => console.error(line),
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
} else if (command === 'run') {
  process.exitCode = await runCommand(args, terminalStreams(interrupts()));
} else if (command === 'cancel' || command === 'approve' || command === 'deny') {
  process.exitCode = await decideCommand(command, args, terminalStreams());
} else if (command === '--help' || command === 'help') {
  console.log(USAGE);
} else {
  console.error(command === undefined ? USAGE : `'${command}' is no command.\n${USAGE}`);
  process.exitCode = 2;
}
