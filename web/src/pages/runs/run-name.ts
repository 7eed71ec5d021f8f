/** What a run is called: the end of its id, because its beginning is a time that runs of one day share. */
export const runName = (id: string): string => `Run …${id.slice(-8)}`;
