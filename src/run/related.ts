import { cut } from '../store/cut.ts';
import type { StepRecord } from '../store/jobs.ts';
import type { Redactor } from './redactor.ts';

/** Entities that a step may name: they lie in the record of its job, with those of up to 99 other steps. */
const MOST = 5;

/** Bytes of an id. */
const LONGEST = 128;

/** What a step made or touched elsewhere, with what it named before it waited. */
export function createRelated(begun: StepRecord, { text }: Redactor) {
  let entities = begun.related;
  return {
    add(entity: string, id: string): void {
      const known = entities ?? {};
      if (!(entity in known) && Object.keys(known).length >= MOST) return;
      entities = { ...known, [entity]: cut(text(id), LONGEST) };
    },
    of: (record: StepRecord): StepRecord => (entities === undefined ? record : { ...record, related: entities }),
  };
}
