/** A variant that nobody thought of is a compile error; data of a foreign hand that brings one is a fault. */
export function assertNever(variant: never): never {
  throw new Error(`unknown variant: ${JSON.stringify(variant)}`);
}
