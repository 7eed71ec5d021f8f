import type { Json, JsonSchema } from '../../json.ts';
import { isList, isMap } from '../json-kind.ts';
import { validatorOf } from '../schema/validator.ts';

/** How a value of an event is compared. `takes` goes on after the name of the operator. */
export type EventOperator = {
  readonly description: string;
  readonly takes: string;
  readonly schema: JsonSchema;
  readonly accepts: (operand: Json) => boolean;
};

const TEXT: JsonSchema = { type: 'string' };

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
export const OPERATORS: Readonly<Record<string, EventOperator>> = {
  prefix: {
    description: 'The text begins like this.',
    takes: 'a string, or {equals-ignore-case: "…"}',
    schema: { type: ['string', 'object'] },
    accepts: isTextOrFolded,
  },
  suffix: {
    description: 'The text ends like this.',
    takes: 'a string, or {equals-ignore-case: "…"}',
    schema: { type: ['string', 'object'] },
    accepts: isTextOrFolded,
  },
  'equals-ignore-case': {
    description: 'The text is this one, in upper or lower case.',
    takes: 'a string',
    schema: TEXT,
    accepts: isText,
  },
  wildcard: {
    description: 'The text is this one; `*` stands for any characters.',
    takes:
      'a string in which `*` stands for any characters; `**` is not allowed, and `\\` stands before `*` or `\\` only',
    schema: TEXT,
    accepts: isWildcard,
  },
  'anything-but': {
    description: 'The value is none of these.',
    takes: 'a string, a number, a list of them, or one of {prefix, suffix, equals-ignore-case, wildcard}',
    schema: { type: ['string', 'number', 'array', 'object'] },
    accepts: isAnythingBut,
  },
  numeric: {
    description: 'The number is in this range: `[">", 0, "<=", 5]`.',
    takes: 'a list of a comparison and a number (["=", 5], [">=", 1]) or of both ends of a range ([">", 0, "<=", 5])',
    schema: { type: 'array', minItems: 2, maxItems: 4 },
    accepts: isNumeric,
  },
  exists: {
    description: 'Whether the field is there.',
    takes: 'true or false',
    schema: { type: 'boolean' },
    accepts: operand => typeof operand === 'boolean',
  },
  cidr: {
    description: 'The IP address is in this range: `10.0.0.0/24`.',
    takes: 'a range of IP addresses: "10.0.0.0/24", "2001:db8::/32"',
    schema: TEXT,
    accepts: isCidr,
  },
};

/** What `anything-but` can turn round. */
const NEGATED: ReadonlySet<string> = new Set(['prefix', 'suffix', 'equals-ignore-case', 'wildcard']);

function isText(operand: Json): boolean {
  return typeof operand === 'string';
}

function isTextOrFolded(operand: Json): boolean {
  if (!isMap(operand)) return isText(operand);
  return Object.keys(operand).length === 1 && isText(operand['equals-ignore-case'] ?? null);
}

function isWildcard(operand: Json): boolean {
  return typeof operand === 'string' && /^(?:[^*\\]|\\[*\\]|\*(?!\*))*$/.test(operand);
}

function isAnythingBut(operand: Json): boolean {
  if (isList(operand)) return operand.length > 0 && operand.every(isTextOrNumber);
  if (!isMap(operand)) return isTextOrNumber(operand);
  const [[name, value] = ['', null], ...more] = Object.entries(operand);
  const accepts = name === 'wildcard' ? isWildcard : isText;
  if (!NEGATED.has(name) || more.length > 0) return false;
  return isList(value) ? value.length > 0 && value.every(accepts) : accepts(value);
}

function isTextOrNumber(operand: Json): boolean {
  return typeof operand === 'string' || typeof operand === 'number';
}

function isNumeric(operand: Json): boolean {
  if (!isList(operand)) return false;
  const [first, least, second, most] = operand;
  if (typeof least !== 'number') return false;
  if (operand.length === 2) return ['=', '>', '>=', '<', '<='].some(sign => sign === first);
  if (operand.length !== 4 || typeof most !== 'number') return false;
  return (first === '>' || first === '>=') && (second === '<' || second === '<=') && least < most;
}

const IPV4: JsonSchema = { type: 'string', format: 'ipv4' };
const IPV6: JsonSchema = { type: 'string', format: 'ipv6' };

function isCidr(operand: Json): boolean {
  if (typeof operand !== 'string') return false;
  const { address = '', bits = '' } = /^(?<address>[0-9a-fA-F:.]+)\/(?<bits>\d{1,3})$/.exec(operand)?.groups ?? {};
  const isVersion6 = address.includes(':');
  if (Number(bits) > (isVersion6 ? 128 : 32)) return false;
  return validatorOf(isVersion6 ? IPV6 : IPV4, 'first')(address).length === 0;
}
