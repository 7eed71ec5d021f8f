import { systemClock } from '../src/aws/clock.ts';
import { reportError } from '../src/aws/log.ts';
import type { Table } from '../src/ports/table.ts';
import { createTell, type Tell } from '../src/run/tell.ts';
import { openBus } from './open-bus.ts';

/** A file of its own, so that a function that seldom tells of a run can load it when it does. */
export const openTell = (busName: string, table: Table): Tell =>
  createTell({ bus: openBus(busName), table, clock: systemClock, report: reportError });
