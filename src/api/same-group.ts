import type { CalledStart } from '../run/start-called.ts';
import { getRun } from '../store/runs.ts';
import { isRefusal } from './reply.ts';
import { cancelsOthers, groupFor, prepareRun, type StartDependencies, type StartRequest } from './start-run.ts';

/**
 * Why a called run could never begin, or would end those that wait for it: its callers, which stay at work until it is
 * over, are in its concurrency group. Undefined: it can.
 */
export async function refuseSameGroup(
  deps: StartDependencies,
  { calledBy, run }: CalledStart,
  request: StartRequest,
): Promise<string | undefined> {
  const { path, definition } = request;
  if (definition.pipeline.concurrency === undefined) return undefined;
  const prepared = await prepareRun(deps, request);
  // Why it cannot be started is for the start to say.
  if (isRefusal(prepared)) return undefined;
  const group = await groupFor(deps, request, prepared, run);
  if (group === undefined || isRefusal(group)) return undefined;
  const holders: string[] = [];
  let caller: typeof calledBy | undefined = calledBy;
  while (caller !== undefined) {
    const record = await getRun(deps.table, { org: path.org, ...caller });
    if (record?.app === path.app && record.group?.name === group.name) holders.push(record.run);
    caller = record?.calledBy;
  }
  const cancels = cancelsOthers(request);
  const [holder] = holders;
  if (holder === undefined || (!cancels && holders.length < group.limit)) return undefined;
  // The step may have started it before a crash, when the newest version was another one.
  if ((await getRun(deps.table, { ...path, run })) !== undefined) return undefined;
  const outcome = cancels
    ? 'it would cancel that run, which waits for it'
    : 'it would wait for that run, which waits for it';
  return (
    `Pipeline '${path.pipeline}' is of the concurrency group '${group.name}', and so is run ${holder}, which called it: ` +
    `${outcome}. ${cancels ? 'Take one of the two out of the group.' : 'Take one of the two out of the group, or raise its limit.'}`
  );
}
