/** `90` -> `1.5 minutes`. */
export function inMinutes(seconds: number): string {
  return seconds === 60 ? '1 minute' : `${seconds / 60} minutes`;
}
