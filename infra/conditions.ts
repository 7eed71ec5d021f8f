/**
 * Of a key of which a request may have several values: all of them, and at least one. By itself `ForAllValues` is true for a
 * request without the key, which in an `Allow` is an open door.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export const onlyKnown = (operator: 'StringLike' | 'StringNotEquals', key: string, values: readonly string[]) => ({
  [`ForAllValues:${operator}`]: { [key]: [...values] },
  Null: { [key]: 'false' },
});
