/**
 * The search of the address, with what was chosen a moment ago: the router renders a new address in a transition, and until then
 * `useSearchParams` answers with the one before.
 */
export const searchNow = (): URLSearchParams => new URLSearchParams(window.location.search);
