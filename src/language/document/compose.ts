import { Composer, type CST, type Document, type YAMLError } from 'yaml';

/** Malformed YAML gives one error per line or token; more than these help nobody, and making one takes some 5 µs. */
const MAX_ERRORS = 100;

/** What is wrong with a text, as the package says it. */
export type ComposeError = Pick<YAMLError, 'code' | 'message' | 'pos'>;

export type Composed = { readonly document: Document | undefined; readonly errors: readonly ComposeError[] };

/** Ends the composing of a text that has errors enough. */
class Enough extends Error {}

/** What the package hands to its `onError`. */
type Source = number | readonly [number, number] | { readonly offset: number };

/** Builds the first document. The work ends behind the hundredth error, so hostile text costs no more than any other. */
export function compose(tokens: readonly CST.Token[]): Composed {
  const composer = new Composer({
    version: '1.2',
    stringKeys: true,
    uniqueKeys: false,
    merge: false,
    logLevel: 'silent',
  });
  const found: ComposeError[] = [];
  const onError = (source: Source, code: ComposeError['code'], message: string): void => {
    // The package catches what is thrown inside a collection and reports it: it has to be thrown again.
    if (found.length === MAX_ERRORS) throw new Enough();
    const at = startOf(source);
    found.push({ code, message, pos: [at, at + 1] });
  };
  // Its own makes an exception with a stack of each error, without end. It is private in the types only (yaml 2.9): a
  // version that has it no more falls back to its own, and the test of the bound fails.
  Reflect.set(composer, 'onError', onError);
  try {
    const [document] = composer.compose(tokens);
    return { document, errors: [...found, ...(document?.errors ?? []), ...(document?.warnings ?? [])] };
  } catch (cause) {
    if (!(cause instanceof Enough)) throw cause;
    return { document: undefined, errors: found };
  }
}

function startOf(source: Source): number {
  if (typeof source === 'number') return source;
  return 'offset' in source ? source.offset : source[0];
}
