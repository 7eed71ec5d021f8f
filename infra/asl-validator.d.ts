/** What we use of `asl-validator`, which comes without types. */
declare module 'asl-validator' {
  type Verdict = {
    readonly isValid: boolean;
    readonly errors: readonly {
      readonly 'Error code': string;
      readonly Message: string;
      readonly schemaError?: { readonly instancePath: string };
    }[];
  };
  /** Writes into the definition: hand it a copy. */
  export default function validate(definition: unknown): Verdict;
}
