/** A variant that nobody handles is an error when compiling; should one come in all the same, it is never passed over. */
export function assertNever(value: never): never {
  throw new Error(`unknown variant: ${JSON.stringify(value)}`);
}
