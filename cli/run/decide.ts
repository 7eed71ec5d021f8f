import { parseArgs } from 'node:util';
import { wrongOption } from '../wrong-option.ts';
import { allOf, type Client, createClient, isMap, NotReached } from './client.ts';
import { inertLine } from './inert.ts';
import { readServer } from './options.ts';
import { appPath, type RunPlace, readRunPlace, runPath, runText } from './place.ts';
import { refusalOf } from './refusal.ts';
import { EXIT, type Exit, type Streams } from './streams.ts';

const ATTEMPTS = 4;

const USAGE = `npm run --silent pipecall -- cancel <org>/<app>/<pipeline>/<run>… [--url URL]
npm run --silent pipecall -- approve <org>/<app>/<pipeline>/<run> [--job ID] [--comment TEXT] [--url URL]
npm run --silent pipecall -- deny    <org>/<app>/<pipeline>/<run> [--job ID] [--comment TEXT] [--url URL]`;

/** Exit status 1: some were not cancelled; or there is no such approval, or more than one, or it is not yours to decide. */
export async function decideCommand(
  command: 'cancel' | 'approve' | 'deny',
  args: readonly string[],
  streams: Streams,
): Promise<Exit> {
  const { tell, print, environment } = streams;
  const misused = (wrong: string): Exit => {
    tell(`${inertLine(wrong)}; all options: npm run --silent pipecall -- ${command} --help`);
    return EXIT.misused;
  };
  const wrong = wrongOption(args, ARGUMENTS);
  if (wrong !== undefined) return misused(wrong);
  const { values, positionals } = parseArgs({ args: [...args], ...ARGUMENTS });
  if (values.help === true) {
    print(USAGE);
    return EXIT.succeeded;
  }
  const runs = positionals.map(readRunPlace);
  const known = runs.filter(run => run !== undefined);
  const [first] = known;
  if (first === undefined || known.length < runs.length) {
    const odd = positionals.find(text => readRunPlace(text) === undefined);
    return misused(`${odd === undefined ? 'say which run' : `'${odd}' is no run`}: <org>/<app>/<pipeline>/<run>`);
  }
  if (command !== 'cancel' && known.length > 1) return misused('approvals are decided run by run');
  const server = readServer(values.url, environment);
  if ('wrong' in server) return misused(server.wrong);
  const client = createClient(streams, { ...server, attempts: ATTEMPTS });
  try {
    if (command === 'cancel') return await cancel(known, server.url, client, streams);
    return await decide(command, first, { ...values, url: server.url }, client, streams);
  } catch (error) {
    if (!(error instanceof NotReached)) throw error;
    tell(inertLine(error.message));
    return EXIT.notReached;
  }
}

const ARGUMENTS = {
  allowPositionals: true,
  options: {
    job: { type: 'string' },
    comment: { type: 'string' },
    url: { type: 'string' },
    help: { type: 'boolean' },
  },
} as const;

async function cancel(runs: readonly RunPlace[], url: string, client: Client, { print, tell }: Streams): Promise<Exit> {
  let failures = 0;
  for (const run of runs) {
    const answer = await client(`${runPath(run)}/cancel`, { method: 'POST' });
    if (answer.status === 204) print(`${inertLine(runText(run))}: cancelled, or about to be`);
    else {
      failures += 1;
      tell(inertLine(`${runText(run)} was not cancelled: ${refusalOf(answer, 'such run', url)}`));
    }
  }
  return failures > 0 ? EXIT.failed : EXIT.succeeded;
}

async function decide(
  command: 'approve' | 'deny',
  run: RunPlace,
  {
    job,
    comment,
    url,
  }: { readonly job?: string | undefined; readonly comment?: string | undefined; readonly url: string },
  client: Client,
  { print, tell }: Streams,
): Promise<Exit> {
  const filter = { run: run.run, pipeline: run.pipeline, status: 'waiting' };
  const list = await allOf(client, `${appPath(run)}/approvals`, filter);
  if ('status' in list) {
    tell(inertLine(refusalOf(list, `app ${run.org}/${run.app}`, url)));
    return EXIT.failed;
  }
  const waiting = list.filter(isMap).filter(one => job === undefined || one.job_id === job);
  const [only, ...others] = waiting;
  if (only === undefined || others.length > 0) {
    const of = `${job === undefined ? '' : `the job ${job} of `}the run ${runText(run)}`;
    const none = `No approval of ${of} waits, or you may not see it.`;
    tell(only === undefined ? inertLine(none) : 'Say which one, with --job:');
    for (const one of waiting) tell(inertLine(`  ${String(one.job_id)}: ${String(one.message)}`));
    return EXIT.failed;
  }
  const path = `${runPath(run)}/jobs/${encodeURIComponent(String(only.job_id))}/approvals/${encodeURIComponent(String(only.id))}`;
  const body = comment === undefined ? {} : { comment };
  const answer = await client(`${path}/${command}`, { method: 'POST', body });
  if (answer.status !== 200 || !isMap(answer.body)) {
    tell(inertLine(refusalOf(answer, 'such approval', url)));
    return EXIT.failed;
  }
  const { status, message } = answer.body;
  const more = status === 'waiting' ? 'noted; more people have to approve' : String(status);
  print(inertLine(`job ${String(only.job_id)}, ${String(message)}: ${more}`));
  return EXIT.succeeded;
}
