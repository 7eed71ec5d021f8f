import { Lexer } from '@actions/expressions';
import { type Token, TokenType } from '@actions/expressions/lexer';

export type Lexed =
  | { readonly ok: true; readonly tokens: Token[]; readonly offsetOf: (token: Token) => number }
  | { readonly ok: false; readonly symbol: string; readonly offset: number };

/** Tokens with their place. The package counts lines and columns and loses count behind a text with a line break. */
export function lex(source: string): Lexed {
  try {
    const { tokens } = new Lexer(source).lex();
    const offsets = new Map<Token, number>();
    let offset = 0;
    for (const token of tokens) {
      while (isBlank(source[offset])) offset += 1;
      offsets.set(token, offset);
      offset += token.lexeme.length;
      // The package unescapes the first `''` of a text only.
      if (token.type === TokenType.STRING) token.value = token.lexeme.slice(1, -1).replaceAll("''", "'");
    }
    return { ok: true, tokens, offsetOf: token => offsets.get(token) ?? 0 };
  } catch (cause) {
    return { ok: false, ...unexpected(source, cause) };
  }
}

/** What the lexer skips. */
function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\n';
}

/** Its only error: `Unexpected symbol: '<symbol>'. Located at position <from 1> within expression: <source>`. */
function unexpected(source: string, cause: unknown): { symbol: string; offset: number } {
  const message = cause instanceof Error ? cause.message : '';
  const start = message.slice(0, message.length - ` within expression: ${source}`.length);
  const position = /'\. Located at position (\d+)$/.exec(start);
  if (position === null) throw cause;
  return { symbol: start.slice("Unexpected symbol: '".length, position.index), offset: Number(position[1]) - 1 };
}
