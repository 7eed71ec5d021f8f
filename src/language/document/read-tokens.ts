import { CST, Lexer, Parser } from 'yaml';
import type { TextProblem } from './check-text.ts';
import { MAX_NESTING } from './to-json.ts';

/** Aliases in one definition. */
const MAX_ALIASES = 100;

/** Malformed or forbidden tokens after which the text is given up. */
const MAX_ERRORS = 100;

/** Tags of the YAML core schema; other tags could stand for anything. */
const TAGS: ReadonlySet<string> = new Set(['!!str', '!!int', '!!float', '!!bool', '!!null', '!!seq', '!!map']);

/** The lexer puts this before the source of a scalar, which may look like anything. */
const SCALAR_FOLLOWS = '\x1f';

/**
 * The text as YAML's concrete tokens. Everything that would make the later steps recurse, multiply or guess is found here,
 * while tokens arrive one by one, so that hostile text costs no more than its length.
 */
export function readTokens(text: string): { tokens: CST.Token[]; problems: TextProblem[] } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const problems: TextProblem[] = [];
  let aliases = 0;
  let errors = 0;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    const type = isScalar ? 'scalar' : CST.tokenType(lexeme);
    isScalar = lexeme === SCALAR_FOLLOWS;
    const { offset } = parser;
    const refuse = (code: TextProblem['code'], message: string): void => {
      problems.push({ code, message, offset });
    };
    if (type === 'tag') checkTag(lexeme, refuse);
    else if (type === 'directive-line') checkDirective(lexeme, refuse);
    else if (type === 'alias' && ++aliases === MAX_ALIASES + 1) {
      refuse('YAML_TOO_MANY_ALIASES', `this is alias number ${aliases}; at most ${MAX_ALIASES} are allowed`);
    }
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (token.type === 'error') errors += 1;
    }
    // The composer reports them; what comes behind so many is not worth reading.
    if (errors >= MAX_ERRORS || problems.length >= MAX_ERRORS) break;
    if (parser.stack.length > MAX_NESTING && parser.stack.filter(CST.isCollection).length > MAX_NESTING) {
      refuse('YAML_TOO_DEEP', `lists and maps are nested more than ${MAX_NESTING} levels deep`);
      return { tokens, problems };
    }
  }
  for (const token of parser.end()) tokens.push(token);
  const second = tokens.filter(token => token.type === 'document')[1];
  if (second !== undefined) problems.push({ code: 'YAML_SEVERAL_DOCUMENTS', message: SEVERAL, offset: second.offset });
  return { tokens, problems };
}

const SEVERAL = 'a second document starts here; put each pipeline in a text of its own';

type Refuse = (code: TextProblem['code'], message: string) => void;

function checkTag(tag: string, refuse: Refuse): void {
  if (TAGS.has(tag)) return;
  refuse('YAML_TAG', `the tag \`${tag}\` is not allowed; if the value is meant to begin with \`!\`, put it in quotes`);
}

function checkDirective(line: string, refuse: Refuse): void {
  if (/^%YAML\s+1\.2\s*(#.*)?$/.test(line)) return;
  refuse('YAML_DIRECTIVE', `the directive \`${line.trim()}\` is not allowed; definitions are YAML 1.2`);
}
