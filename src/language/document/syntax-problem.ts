import type { TextProblem } from './check-text.ts';
import type { ComposeError } from './compose.ts';

/** What to do about the errors that people make most; the package's own words serve for the rest. */
const ADVICE: Partial<Record<ComposeError['code'], string>> = {
  TAB_AS_INDENT: 'tabs cannot indent; use spaces',
  BAD_INDENT: 'the indentation does not fit the lines around it',
  BLOCK_AS_IMPLICIT_KEY: 'a map cannot begin here; put a text that holds `: ` in quotes, or begin a new line',
  MULTILINE_IMPLICIT_KEY: 'a key has to stand on one line; is a `:` missing, or a quote left open?',
  BAD_SCALAR_START: 'a plain text cannot begin with this character; put it in quotes',
  MULTIPLE_DOCS: 'a second document starts here; put each pipeline in a text of its own',
  RESOURCE_EXHAUSTION: 'the text is nested too deeply to be read',
};

export function syntaxProblem(error: ComposeError): TextProblem {
  const offset = error.pos[0];
  if (error.code === 'NON_STRING_KEY') {
    return { code: 'KEY_NOT_ALLOWED', message: 'a key has to be a simple text', offset };
  }
  const words = ADVICE[error.code] ?? `${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`;
  return { code: 'YAML_SYNTAX', message: `this is not YAML: ${words}`, offset };
}
