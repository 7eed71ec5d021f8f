import type { Json } from '../../src/json.ts';
import { ERROR, type Result } from './errors.ts';
import type { Fields } from './fields.ts';
import { evaluate, readTemplate, type States, type Template, unexpected } from './jsonata.ts';

/** https://states-language.net/spec.html#choice-state */
export type ChoiceState = {
  readonly type: 'Choice';
  readonly choices: readonly { readonly condition: Template; readonly next: string }[];
  readonly otherwise: string | undefined;
};

export function readChoice(fields: Fields): ChoiceState {
  const choices = fields.objects('Choices').map(rule => {
    const condition: Json = rule.json('Condition') ?? null;
    const template = readTemplate(rule, 'Condition', condition);
    if (template.kind !== 'expression' && typeof condition !== 'boolean') {
      rule.problem('Condition', 'must be an expression or a boolean');
    }
    const read = { condition: template, next: rule.text('Next') };
    rule.end();
    return read;
  });
  if (choices.length === 0) fields.problem('Choices', 'must have at least one rule');
  const otherwise = fields.json('Default') === undefined ? undefined : fields.text('Default');
  return { type: 'Choice', choices, otherwise };
}

/** The name of the next state. */
export async function choose(state: ChoiceState, name: string, states: States): Promise<Result<string>> {
  for (const { condition, next } of state.choices) {
    const result = await evaluate(condition, states);
    if ('failure' in result) return result;
    if (typeof result.value !== 'boolean') return unexpected(condition, 'a boolean', result.value);
    if (result.value) return { value: next };
  }
  if (state.otherwise !== undefined) return { value: state.otherwise };
  const cause = `No rule of the state '${name}' matched, and it has no Default.`;
  return { failure: { error: ERROR.noChoiceMatched, cause } };
}
