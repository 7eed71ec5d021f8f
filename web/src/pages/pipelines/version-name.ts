/** What a version is called: the end of its id, because its beginning is a time. */
export const versionName = (id: string): string => `Version …${id.slice(-8)}`;
