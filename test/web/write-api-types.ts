import { readFile, writeFile } from 'node:fs/promises';
import { routes } from '../../src/api/routes.ts';
import { schemas } from '../../src/api/schemas.ts';
import { apiTypes } from './api-types.ts';

/** `npm run web:types`: writes what the web UI knows of the API. `api-types.test.ts` fails when it is not up to date. */
const FILE = new URL('../../web/src/api/types.ts', import.meta.url);

const text = apiTypes(routes, schemas);
if ((await readFile(FILE, 'utf8').catch(() => '')) !== text) await writeFile(FILE, text);
