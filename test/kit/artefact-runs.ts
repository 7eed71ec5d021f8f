import type { ArtefactDependencies } from '../../src/api/artefacts/dependencies.ts';
import { pushArtefact } from '../../src/api/artefacts/push-artefact.ts';
import { reconcileArtefacts } from '../../src/api/artefacts/reconcile-artefacts.ts';
import { settleBatch } from '../../src/api/artefacts/settle-batch.ts';
import type { JsonObject } from '../../src/json.ts';
import type { Executions } from '../../src/ports/executions.ts';
import type { Table } from '../../src/ports/table.ts';
import { handOn } from '../../src/run/groups.ts';
import { reconcile } from '../../src/run/reconcile.ts';
import type { RunPath } from '../../src/store/keys.ts';
import { listRunsOfPipeline } from '../../src/store/run-lists.ts';
import { claimRun, finishWrites } from '../../src/store/run-writes.ts';
import { getRun, isOver, type RunRecord, readStored } from '../../src/store/runs.ts';
import { idOf, openWorld, type Person, type World } from './api-world.ts';

/** Ports with something in between. */
export type Through = { readonly table?: Table; readonly executions?: Executions };

/** A run with the names of the artefacts that it got. */
export type ArtefactRun = RunRecord & { readonly names: readonly string[] };

export type ArtefactRuns = {
  readonly world: World;
  /** Saves a pipeline of `acme/shop` that artefacts start. */
  save(id: string, include?: readonly string[], more?: string, trigger?: string): Promise<void>;
  push(
    name: string,
    options?: { readonly as?: Person; readonly through?: Through; readonly more?: JsonObject },
  ): Promise<string>;
  /** As the worker does it: the run begins, ends and hands on. */
  work(run: RunPath, through?: Through): Promise<void>;
  reconcile(through?: Through): Promise<void>;
  /** Works off what was started, with the help of reconcile, until nothing waits and every run is over. */
  workOff(...pipelines: readonly string[]): Promise<void>;
  /** Of a pipeline, the oldest first. */
  runs(pipeline: string): Promise<readonly ArtefactRun[]>;
  waiting(pipeline: string): Promise<{ readonly items: readonly { readonly ref: string }[] } & JsonObject>;
  /** The most runs of one pipeline that were begun and not over at the same time. */
  readonly mostAtWork: () => number;
  deps(through?: Through): ArtefactDependencies;
};

export const artefactPipeline = (id: string, include: readonly string[], more = '', trigger = ''): string =>
  `id: ${id}
name: Of artefacts
${more}on:
  artefact: { type: container, include: ${JSON.stringify(include)}${trigger} }
jobs: { a: { steps: [{ uses: actions/humanitec/log@v1, with: { message: "\${{ inputs.container_artefacts }}" } }] } }
`;

/** The real API and table; the test plays the state machine. */
export async function openArtefactRuns(): Promise<ArtefactRuns> {
  const world = await openWorld();
  const atWork = new Map<string, Set<string>>();
  let most = 0;
  const deps = (through: Through = {}): ArtefactDependencies => {
    const made: ArtefactDependencies = { ...world, ...through, settleBatch: path => settleBatch(made, path) };
    return made;
  };
  const run: ArtefactRuns = {
    world,
    mostAtWork: () => most,
    deps,
    async save(id, include = ['.*'], more = '', trigger = '') {
      const path = '/orgs/acme/apps/shop/pipelines';
      const headers = { 'content-type': 'application/x-yaml' };
      const body = artefactPipeline(id, include, more, trigger);
      const made = await world.client({ method: 'POST', path, headers, body });
      if (made.status !== 201) throw new Error(made.text);
    },
    async push(name, { as = 'admin', through = {}, more = {} } = {}) {
      const body = { type: 'container', name, ...more };
      return (await pushArtefact(deps(through), { org: 'acme', body, pushedBy: idOf(as) })).id;
    },
    async work(path, through = {}) {
      const table = through.table ?? world.table;
      const claimed = await claimRun(table, path, world.clock.now());
      if (claimed === undefined) {
        const found = await getRun(table, path);
        if (found !== undefined) await handOn({ ...deps(through), report: () => undefined }, found);
        return;
      }
      const busy = atWork.get(path.pipeline) ?? new Set();
      atWork.set(path.pipeline, busy.add(path.run));
      most = Math.max(most, busy.size);
      const end = {
        status: 'succeeded' as const,
        message: '',
        completedAt: world.clock.now(),
        expiresAt: 4_000_000_000,
      };
      // A write that fails after it was carried out ends the run all the same.
      const settle = async () => {
        const now = await getRun(world.table, path);
        if (now === undefined || isOver(now.status)) busy.delete(path.run);
      };
      await table.writeInOrder(finishWrites(path, claimed.epoch, end)).finally(settle);
      await handOn({ ...deps(through), report: () => undefined }, claimed);
    },
    async reconcile(through) {
      const trouble: unknown[] = [];
      const report = (_: string, error: unknown) => void trouble.push(error);
      const all = deps(through);
      await reconcile({ ...all, report, reconcileArtefacts: note => reconcileArtefacts(all, note) });
      if (trouble.length > 0) throw trouble[0];
    },
    async workOff(...pipelines) {
      for (let round = 0; round < 20; round += 1) {
        await run.reconcile();
        let open = false;
        for (const pipeline of pipelines) {
          for (const each of await run.runs(pipeline)) {
            if (isOver(each.status)) continue;
            open = true;
            if (world.executions.started.some(({ name }) => name === each.run)) await run.work(each);
          }
          const waits = (await run.waiting(pipeline)).items.length > 0;
          open ||= waits;
        }
        if (!open) return;
      }
      throw new Error('something waits for ever');
    },
    async runs(pipeline) {
      const path = { org: 'acme', app: 'shop', pipeline };
      const { records } = await listRunsOfPipeline(world.table, path, { limit: 100 });
      return Promise.all(
        records.toReversed().map(async record => {
          const { container_artefacts: got } = await readStored(world.table, record.run, 'inputs', record.inputs);
          const names = Array.isArray(got) ? got.map(one => String((one as JsonObject).name)) : []; // as: what a run gets
          return { ...record, names };
        }),
      );
    },
    async waiting(pipeline) {
      return (await world.client({ path: `/orgs/acme/apps/shop/pipelines/${pipeline}/batches/artefact` })).json;
    },
  };
  return run;
}
