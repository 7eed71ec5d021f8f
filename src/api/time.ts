/** https://www.rfc-editor.org/rfc/rfc3339#section-5.6 with upper-case T and Z, as everybody writes them. */
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since the epoch; undefined: it is no time. */
export function parseTime(text: string): number | undefined {
  if (!RFC3339.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** As the API shows times: RFC 3339, UTC, milliseconds. */
export function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** A UUID of version 7 counts milliseconds in 48 bits. https://www.rfc-editor.org/rfc/rfc9562#section-5.7 */
const LAST_ID_TIME = 2 ** 48 - 1;

/** The lowest id that a run created at this time or later can have. */
export function firstIdAt(milliseconds: number): string {
  const time = Math.min(Math.max(Math.ceil(milliseconds), 0), LAST_ID_TIME);
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
