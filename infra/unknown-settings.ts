/** Plain names of the context that the command `cdk` keeps for itself; all others of CDK have `@` or `:` in them. */
const OF_CDK: ReadonlySet<string> = new Set(['acknowledged-issue-numbers', 'cli-telemetry']);

/** What is wrong with names in the context that mean nothing here: a setting that is mistyped would be left out in silence. */
export function unknownSettings(given: readonly string[], known: readonly string[]): readonly string[] {
  const unknown = given.filter(name => !/[@:]/.test(name) && !OF_CDK.has(name) && !known.includes(name));
  if (unknown.length === 0) return [];
  const named = unknown.map(name => {
    const near = nearest(name, known);
    return `there is no setting '${name}'${near === undefined ? '' : ` (did you mean ${near}?)`}`;
  });
  return [...named, `the settings are ${known.toSorted().join(', ')}`];
}

/** The name that begins and ends most alike, if half of it does: one slip of the fingers is always found. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map(candidate => ({ candidate, share: alike(plain(name), plain(candidate)) }))
    .toSorted((a, b) => b.share - a.share);
  return best !== undefined && best.share >= 0.5 ? best.candidate : undefined;
}

function alike(a: string, b: string): number {
  const [most, least] = [Math.max(a.length, b.length), Math.min(a.length, b.length)];
  let front = 0;
  while (front < least && a[front] === b[front]) front += 1;
  let back = 0;
  while (back < least - front && a.at(-1 - back) === b.at(-1 - back)) back += 1;
  return (front + back) / most;
}

/** `retention-days` is `retentionDays`. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
