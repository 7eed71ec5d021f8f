import { type Answer, type Client, createClient, isMap, messageOf, NotReached } from './client.ts';
import { follow } from './follow.ts';
import { gatherInputs, wantedOf } from './gather-inputs.ts';
import { inert, inertJson, inertLine } from './inert.ts';
import { RUN_USAGE, type RunOptions, readRunOptions } from './options.ts';
import { pipelinePath, type RunPlace, runPath, runText } from './place.ts';
import { refusalOf } from './refusal.ts';
import { showPlan } from './show-plan.ts';
import { EXIT, type Exit, type Streams } from './streams.ts';

/** Attempts of a request before, and after, the server is known to be there. */
const FIRST_ATTEMPTS = 4;
const ATTEMPTS = 10;

/** `pipecall run`: what `RUN_USAGE` says. */
export async function runCommand(args: readonly string[], streams: Streams): Promise<Exit> {
  const options = readRunOptions(args, streams.environment);
  if (options === 'help') {
    streams.print(RUN_USAGE);
    return EXIT.succeeded;
  }
  if ('wrong' in options) {
    streams.tell(`${inertLine(options.wrong)}; all options: npm run --silent pipecall -- run --help`);
    return EXIT.misused;
  }
  try {
    return await start(options, streams);
  } catch (error) {
    if (!(error instanceof NotReached)) throw error;
    if (streams.interrupt.aborted) return EXIT.interrupted;
    streams.tell(inertLine(error.message));
    return EXIT.notReached;
  }
}

async function start(options: RunOptions, streams: Streams): Promise<Exit> {
  const { place, server, plan, version, json } = options;
  const client = createClient(streams, { ...server, attempts: FIRST_ATTEMPTS });
  const read = await gatherInputs(options, client, streams);
  if ('problems' in read) {
    for (const problem of read.problems) streams.tell(inertLine(problem));
    return EXIT.misused;
  }
  const search = new URLSearchParams({ ...(plan ? { dry_run: 'plan' } : {}), ...(version && { version }) });
  // With one key for all attempts, a start whose answer was lost is not a second run.
  const key = options.idempotencyKey ?? streams.newKey();
  let answer: Answer;
  try {
    answer = await client(`${pipelinePath(place)}/runs?${search}`, {
      method: 'POST',
      headers: plan ? {} : { 'idempotency-key': key },
      body: { inputs: read.inputs },
      signal: streams.interrupt,
    });
  } catch (error) {
    const same = `the same command with --idempotency-key ${inertLine(key)}`;
    if (!plan) streams.tell(`Whether the run was started is not known; ${same} finds it, or starts it.`);
    throw error;
  }
  if (plan && answer.status === 200) return showPlan(answer, json, streams);
  if (answer.status !== 201 || !isMap(answer.body) || typeof answer.body.id !== 'string') {
    tellRefusal(answer, options, streams);
    return EXIT.misused;
  }
  const run = { ...place, run: answer.body.id };
  const again = answer.headers.has('idempotency-replayed') ? ' (this key had started it before)' : '';
  if (!json) streams.print(`run ${inertLine(runText(run))} started${again}`);
  if (!options.follow) {
    if (json) streams.print(inertJson(answer.text));
    return EXIT.succeeded;
  }
  return toTheEnd(run, options, streams);
}

/** What is wrong with each input stands on a line of its own. */
function tellRefusal(answer: Answer, options: RunOptions, { tell }: Streams): void {
  const { body } = answer;
  const inputs = isMap(body) && isMap(body.details) && Array.isArray(body.details.inputs) ? body.details.inputs : [];
  if (inputs.length === 0) tell(inertLine(refusalOf(answer, wantedOf(options), options.server.url)));
  for (const { message } of inputs.filter(isMap)) tell(inertLine(String(message)));
}

async function toTheEnd(run: RunPlace, options: RunOptions, streams: Streams): Promise<Exit> {
  const { server, json, cancelOnInterrupt } = options;
  const { print, tell, sleep, interrupt } = streams;
  const client = createClient(streams, { ...server, attempts: ATTEMPTS });
  const show = json ? () => undefined : (line: string) => print(line);
  const detached = new AbortController();
  const stop = (): void => {
    if (!cancelOnInterrupt) detached.abort();
    else void cancelOnce(run, client, tell);
  };
  interrupt.addEventListener('abort', stop, { once: true });
  if (interrupt.aborted) stop();
  try {
    const end = await follow(run, { client, sleep, show, signal: detached.signal });
    if ('run' in end) return showEnd(end.run, json, print);
    tell(`The run cannot be followed any more: ${inertLine(end.refused)}`);
  } catch (error) {
    if (!(error instanceof NotReached)) throw error;
    if (!detached.signal.aborted) tell(inertLine(error.message));
  } finally {
    interrupt.removeEventListener('abort', stop);
  }
  tell(`The run goes on. To cancel it: npm run --silent pipecall -- cancel ${inertLine(runText(run))}`);
  return detached.signal.aborted ? EXIT.interrupted : EXIT.notReached;
}

/** The following goes on: it shows how the run ends. */
async function cancelOnce(run: RunPlace, client: Client, tell: Streams['tell']): Promise<void> {
  tell('Cancelling the run; Ctrl-C once more ends this command only.');
  try {
    const answer = await client(`${runPath(run)}/cancel`, { method: 'POST' });
    if (answer.status !== 204) tell(inertLine(`It was not cancelled: ${messageOf(answer.body) ?? answer.status}`));
  } catch (error) {
    tell(inertLine(`It was not cancelled: ${error instanceof Error ? error.message : String(error)}`));
  }
}

function showEnd({ body, text }: Answer, json: boolean, print: Streams['print']): Exit {
  const { status, status_message: message, outputs } = isMap(body) ? body : {};
  if (json) print(inertJson(text));
  else {
    const why = typeof message === 'string' && message !== '' ? `: ${inertLine(message)}` : '';
    if (isMap(outputs) && Object.keys(outputs).length > 0) print(`outputs: ${inert(JSON.stringify(outputs, null, 2))}`);
    print(`run ${inertLine(String(status))}${why}`);
  }
  if (status === 'succeeded') return EXIT.succeeded;
  return status === 'cancelled' ? EXIT.cancelled : EXIT.failed;
}
