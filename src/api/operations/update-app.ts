import { renameApp } from '../../store/apps.ts';
import { viewApp } from '../app-view.ts';
import { readJsonObject } from '../body.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { isRefusal, NOT_FOUND } from '../reply.ts';
import { isText, LONGEST_NAME, readTextField } from '../text-field.ts';

export const updateApp =
  ({ table, log }: ApiDependencies): Operation<'updateApp'> =>
  async ({ request, caller, loaded }) => {
    const body = readJsonObject(request, ['name']);
    if (isRefusal(body)) return body;
    const name = readTextField(body.value, 'name', { most: LONGEST_NAME });
    if (!isText(name)) return name;
    const app = await renameApp(table, loaded, name);
    return app === undefined ? NOT_FOUND : { status: 200, body: await viewApp({ table, log }, caller, app) };
  };
