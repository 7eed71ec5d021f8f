/**
 * Texts by which a secret is found in whatever was kept or said. Written down apart from what masks them: the two must not
 * be wrong together.
 */
export function tracesOf(secret: string): readonly string[] {
  const lines = secret.split('\n').filter(line => line.length >= 4);
  return [secret, ...lines].flatMap(part => {
    const json = JSON.stringify(part).slice(1, -1);
    const url = encodeURIComponent(part);
    return [
      part,
      json,
      JSON.stringify(json).slice(1, -1),
      url,
      url.replace(/%../g, hex => hex.toLowerCase()),
      encodeURI(part),
      new URLSearchParams([['', part]]).toString().slice(1),
      ...[0, 1, 2].flatMap(before => base64Middles(part, before)),
    ];
  });
}

/** What of its base64 does not depend on what stands around it. */
function base64Middles(part: string, before: number): readonly string[] {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(part)]);
  const start = before === 0 ? 0 : before + 1;
  const end = Math.floor((bytes.length * 4) / 3);
  return [bytes.toString('base64').slice(start, end), bytes.toString('base64url').slice(start, end)];
}

/** Traces of these secrets in the text: empty when nothing leaked. Each with the text around it. */
export function findTraces(secrets: readonly string[], text: string): readonly string[] {
  return [...new Set(secrets.flatMap(tracesOf))].flatMap(trace => {
    const at = text.indexOf(trace);
    return at < 0 ? [] : [`${trace} in: ${text.slice(Math.max(0, at - 100), at + trace.length + 20)}`];
  });
}
