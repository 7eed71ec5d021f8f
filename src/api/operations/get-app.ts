import { viewApp } from '../app-view.ts';
import type { ApiDependencies, Operation } from '../operation.ts';

export const getApp =
  ({ table, log }: ApiDependencies): Operation<'getApp'> =>
  async ({ caller, loaded }) => ({ status: 200, body: await viewApp({ table, log }, caller, loaded) });
