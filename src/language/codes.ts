/** Every code that a diagnostic can have, with what it means. `docs/errors.md` shows a wrong and a right example of each. */
export const CODES = {
  // The text as a whole: refused before anything is built from it.
  TEXT_TOO_LARGE: 'The definition is larger than 256 KiB.',
  TEXT_EMPTY: 'The definition holds nothing.',
  CHARACTER_NOT_ALLOWED: 'The text holds a control or bidirectional character that a reader cannot see.',
  YAML_SYNTAX: 'The text is not YAML 1.2.',
  YAML_TOO_DEEP: 'Lists and maps are nested more than 100 levels deep.',
  YAML_TOO_MANY_ALIASES: 'The text has more than 100 aliases.',
  YAML_ALIASES_TOO_LARGE: 'With its aliases written out the definition is too large.',
  YAML_UNKNOWN_ALIAS: 'An alias names an anchor that does not stand before it.',
  YAML_MERGE_KEY: 'Merge keys (`<<`) are not supported.',
  YAML_TAG: 'Only the tags of the YAML core schema are allowed.',
  YAML_DIRECTIVE: 'Only the directive `%YAML 1.2` is allowed.',
  YAML_SEVERAL_DOCUMENTS: 'The text holds more than one document.',
  DUPLICATE_KEY: 'A map has the same key twice.',
  KEY_NOT_ALLOWED: 'A key has a name that is reserved, or is not a simple text.',
  TOO_MANY_PROBLEMS: 'There are more problems than one answer lists.',

  // Shape: keys and the values they take.
  UNKNOWN_KEY: 'The key does not exist at this place.',
  MISSING_KEY: 'A required key is not there.',
  INVALID_TYPE: 'The value has another type than the key takes.',
  INVALID_VALUE: 'The value has the right type but is outside of what the key takes.',
  INVALID_ID: 'The id does not have the form of an id.',
  NOT_SUPPORTED_YET: 'The key is part of the language but this version cannot do it.',
  INVALID_SCHEMA: 'The declaration of an input is not a valid JSON Schema.',
  INVALID_DEFAULT: 'The default of an input breaks its own declaration.',
  INVALID_PATTERN: 'The regular expression cannot be run in linear time or is malformed.',

  // Meaning: what the parts say about each other.
  DUPLICATE_ID: 'Two steps of a job have the same id.',
  UNKNOWN_JOB: 'A job is named that does not exist.',
  SELF_NEED: 'A job needs itself.',
  DUPLICATE_NEED: 'A job is named twice in one `needs`.',
  CYCLIC_NEEDS: 'Jobs need each other in a circle, so none of them could start.',
  UNKNOWN_ACTION: 'The step uses an action that does not exist.',
  MISSING_INPUT: 'The action needs an input that `with` does not give.',
  UNKNOWN_INPUT: 'An input is named that is not declared.',
  INVALID_INPUT: 'The value of an input breaks what the action declares.',

  // Expressions.
  EXPRESSION_NOT_ALLOWED: 'The key takes no expressions.',
  EXPRESSION_NOT_CLOSED: 'An expression is opened and not closed.',
  EXPRESSION_SYNTAX: 'The expression is malformed.',
  EXPRESSION_TOO_LONG: 'The expression has more than 20,000 characters.',
  EXPRESSION_TOO_DEEP: 'The expression is nested more than 50 levels deep.',
  CONDITION_IN_TEXT: 'An `if` mixes an expression with text, which would always be true.',
  UNKNOWN_FUNCTION: 'The function does not exist.',
  FUNCTION_NOT_ALLOWED: 'The function cannot be called at this place.',
  WRONG_ARITY: 'The function takes another number of arguments.',
  UNKNOWN_CONTEXT: 'The expression names a context that does not exist.',
  CONTEXT_NOT_ALLOWED: 'The context exists but not at this place.',
  UNKNOWN_PROPERTY: 'The context has no property of this name.',
  UNKNOWN_STEP: 'No step of the job has this id.',
  STEP_NOT_BEFORE: 'The step comes later in the job, so it has no result yet.',
  JOB_NOT_NEEDED: 'The job is not in `needs`, so its result cannot be read.',
  UNKNOWN_OUTPUT: 'The action or job has no output of this name.',
} as const;

export type Code = keyof typeof CODES;
