import type { Table } from '../ports/table.ts';
import { getApp } from '../store/apps.ts';
import { getEnvType } from '../store/env-types.ts';
import { getEnvironment } from '../store/environments.ts';
import { getPipeline } from '../store/pipelines.ts';
import { getRun } from '../store/runs.ts';
import { getValue } from '../store/values.ts';
import { getWebhook } from '../store/webhooks.ts';
import { assertNever } from './assert-never.ts';
import type { LoadedObject } from './operation.ts';
import type { Load } from './route.ts';

/** Reads what the path leads to, always under the path's org and app: an id of another tenant is not there. */
export function loadObject(
  table: Table,
  load: Load,
  params: Readonly<Record<string, string>>,
): Promise<LoadedObject> | undefined {
  const { org = '', app = '', env = '', envType = '', pipeline = '', run = '', key = '', webhook = '' } = params;
  switch (load) {
    case 'nothing':
      return undefined;
    case 'app':
      return getApp(table, { org, app });
    case 'env':
      return getEnvironment(table, { org, app }, env);
    case 'envType':
      return getEnvType(table, org, envType);
    case 'pipeline':
      return getPipeline(table, { org, app, pipeline });
    case 'run':
      return getRun(table, { org, app, pipeline, run });
    case 'value':
      return getValue(table, { org, app }, key);
    case 'webhook':
      return getWebhook(table, { org, app }, webhook);
    default:
      return assertNever(load);
  }
}
