import { isIP } from 'node:net';
import { type AllowedActions, problemsOf, sortAllowed } from './allowed-actions.ts';
import type { PipecallStackProps } from './pipecall-stack.ts';

export type Settings = Pick<
  PipecallStackProps,
  'allowEgress' | 'allowedActions' | 'eventSenders' | 'invokable' | 'keepRecords' | 'retentionDays'
> & {
  readonly stackName: string;
};

/**
 * What a deployment may choose, from the context of CDK: `cdk.json`, or `cdk deploy -c retentionDays=30`.
 * @throws {Error} naming every setting that is not of its form.
 */
export function readSettings(context: (name: string) => unknown): Settings {
  const problems: string[] = [];
  const read = <T>(name: string, fallback: T, parse: (text: string) => T | undefined, expected: string): T => {
    const given = context(name);
    if (given === undefined) return fallback;
    const value = parse(String(given));
    if (value === undefined) problems.push(`${name} is '${given}'; it must be ${expected}`);
    return value ?? fallback;
  };
  const settings: Settings = {
    stackName: read('stackName', 'Pipecall', stackName, 'letters, digits and hyphens, a letter first, at most 67'),
    retentionDays: read('retentionDays', 90, days, 'a whole number of days, 1 or more'),
    allowEgress: read('allowEgress', [], ranges, 'a list of CIDRs with commas between them, like 10.0.0.0/8'),
    allowedActions: read(
      'allowedActions',
      {},
      allowed,
      'a list of ARNs, with commas between them, of what actions reach',
    ),
    eventSenders: read(
      'eventSenders',
      [],
      senders,
      'a list of account ids and ARNs of roles or users, with commas between',
    ),
    invokable: read('invokable', [], functions, 'a list of ARNs of Lambda functions with commas between them'),
    keepRecords: read('keepRecords', true, yesOrNo, 'true or false'),
  };
  if (problems.length > 0) throw new Error(`the settings of the deployment are wrong: ${problems.join('; ')}`);
  return settings;
}

/** The state machine is called `<stackName>-pipeline-run`, and a name of Step Functions has at most 80 characters. */
const stackName = (text: string) => (/^[A-Za-z][A-Za-z0-9-]{0,66}$/.test(text) ? text : undefined);

const days = (text: string) => (/^[1-9][0-9]{0,4}$/.test(text) ? Number(text) : undefined);

const yesOrNo = (text: string) => ({ true: true, false: false })[text];

function allowed(text: string): AllowedActions | undefined {
  const sorted = sortAllowed(listOf(text));
  return sorted === undefined || problemsOf(sorted).length > 0 ? undefined : sorted;
}

/** An account, or a role or a user of one: nobody at large. */
function senders(text: string): readonly string[] | undefined {
  const list = listOf(text);
  const isSender = /^(?:\d{12}|arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/[\w+=,.@/-]+)$/;
  return list.every(sender => isSender.test(sender)) ? list : undefined;
}

const FUNCTION = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]{1,64}(?::[A-Za-z0-9$_-]{1,128})?$/;

function functions(text: string): readonly string[] | undefined {
  const list = listOf(text);
  return list.every(arn => FUNCTION.test(arn)) ? list : undefined;
}

const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '');

function ranges(text: string): readonly string[] | undefined {
  const list = listOf(text);
  return list.every(isRange) ? list : undefined;
}

/** An address, or a network: what the egress guard takes, for a function with another range would not start. */
function isRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const widths: Readonly<Record<number, number>> = { 4: 32, 6: 128 };
  const width = widths[isIP(address)];
  if (width === undefined || rest.length > 0 || address.includes('%')) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= width);
}
