import { check } from './check.ts';
import { putEvents } from './event.ts';
import { decideCommand } from './run/decide.ts';
import { runCommand } from './run/run-command.ts';
import { interrupts, terminalStreams } from './run/terminal.ts';

// Whoever reads may have enough: `npm run check -- *.yaml | head`.
process.stdout.on('error', error => {
  if (!('code' in error && error.code === 'EPIPE')) throw error;
});

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
} else {
  console.error(`'${command ?? ''}' is no command; there are: run, cancel, approve, deny, check, event, bootstrap`);
  process.exitCode = 2;
}
