import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * What is wrong with the arguments of a command, for the person who typed them: what `parseArgs` says itself is about how it
 * could have been called. Undefined: it takes them.
 */
export function wrongOption(
  args: readonly string[],
  { options, allowPositionals = false }: { readonly options: Options; readonly allowPositionals?: boolean },
): string | undefined {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional' && !allowPositionals) return `'${token.value}' belongs to no option`;
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) return `there is no option ${rawName}`;
    if (option.type === 'boolean' && value !== undefined) return `${rawName} takes no value`;
    if (option.type === 'string' && value === undefined) return `${rawName} needs a value behind it`;
    if (option.type === 'string' && inlineValue === false && /^-./.test(value ?? '')) {
      return `${rawName} needs a value behind it; one that begins with - is written ${rawName}=…`;
    }
  }
  return undefined;
}
