/** Where a value is in a definition: keys of maps, indexes of lists. */
export type Path = readonly (string | number)[];

/** `jobs.deploy.steps[1].with.url`; a key that is not a simple name stands in brackets: `with["a b"]`. */
export function printPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (!/^[\w$-]+$/.test(part)) text += `[${JSON.stringify(part)}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

/** How a message calls a value: its key with the indexes behind it, `steps[1]`. */
export function nameOf(path: Path): string {
  const key = path.findLastIndex(part => typeof part === 'string');
  return path.length === 0 ? 'the definition' : `\`${printPath(path.slice(Math.max(key, 0)))}\``;
}
