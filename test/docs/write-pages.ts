import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ActionDescription } from '../../src/actions/action.ts';
import { actions } from '../../src/actions/registry.ts';
import { actionsPage } from './actions-page.ts';

/** Where the example of an action lies: `log.yaml`. */
export function exampleFile({ name }: Pick<ActionDescription, 'name'>): URL {
  const file = name.replace(/^actions\/(?:humanitec|pipecall)\//, '').replaceAll('/', '-');
  return new URL(`../fixtures/actions/examples/${file}.yaml`, import.meta.url);
}

/** Every page of docs/ that is made from the code, by its name. */
export function pages(): ReadonlyMap<string, string> {
  const exampleOf = (action: ActionDescription) => {
    const file = exampleFile(action);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  return new Map([['actions.md', actionsPage(actions.values(), exampleOf)]]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of pages()) {
    writeFileSync(new URL(`../../docs/${name}`, import.meta.url), text);
    process.stdout.write(`docs/${name}\n`);
  }
}
