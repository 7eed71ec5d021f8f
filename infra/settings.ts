import { isIP } from 'node:net';
import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type AllowedActions, problemsOf, sortAllowed } from './allowed-actions.ts';
import { type LogLevel, NAME } from './deployment.ts';
import { type Imports, loneImports } from './imports.ts';
import type { PipecallProps } from './pipecall-props.ts';
import { unknownSettings } from './unknown-settings.ts';

export type Settings = Imports &
  Pick<
    PipecallProps,
    | 'allowEgress'
    | 'allowedActions'
    | 'canary'
    | 'eventSenders'
    | 'existingTable'
    | 'invokable'
    | 'logLevel'
    | 'logRetention'
    | 'removalPolicy'
    | 'retentionDays'
  > & {
    readonly stackName: string;
    /** Absent: there is one. */
    readonly webSite?: false;
  };

/**
 * What a deployment may choose, from the context of CDK: `cdk.json`, or `cdk deploy -c retentionDays=30`.
 * @throws {Error} naming every setting that is not of its form, and every name that is no setting.
 */
export function readSettings(context: Readonly<Record<string, unknown>>): Settings {
  const problems: string[] = [];
  const known: string[] = [];
  /** Undefined where nothing is given, or something wrong. */
  const read = <T>(name: string, parse: (text: string) => T | undefined, expected: string): T | undefined => {
    known.push(name);
    const given = context[name];
    if (given === undefined) return undefined;
    const value = parse(String(given));
    if (value === undefined) problems.push(`${name} is '${given}'; it must be ${expected}`);
    return value;
  };
  /** For what is left out where nothing is given. */
  const optional = <N extends string, T>(name: N, parse: (text: string) => T | undefined, expected: string) => {
    const value = read(name, parse, expected);
    // as: TypeScript forgets which name was computed
    return (value === undefined ? {} : { [name]: value }) as { readonly [K in N]?: T };
  };
  const settings: Settings = {
    stackName: read('stackName', stackName, 'letters, digits and hyphens, a letter first, at most 67') ?? 'Pipecall',
    retentionDays: read('retentionDays', days, 'a whole number of days, 1 or more') ?? 90,
    allowEgress: read('allowEgress', ranges, 'a list of CIDRs with commas between them, like 10.0.0.0/8') ?? [],
    allowedActions:
      read('allowedActions', allowed, 'a list of ARNs, with commas between them, of what actions reach') ?? {},
    eventSenders:
      read('eventSenders', senders, 'a list of account ids and ARNs of roles or users, with commas between') ?? [],
    invokable: read('invokable', functions, 'a list of ARNs of Lambda functions with commas between them') ?? [],
    removalPolicy: read('removalPolicy', removal, 'retain or destroy') ?? RemovalPolicy.RETAIN,
    logRetention:
      read('logRetention', kept, `a number of days that CloudWatch knows: ${RETENTIONS.join(', ')}`) ??
      RetentionDays.ONE_MONTH,
    logLevel: read('logLevel', level, `one of ${LEVELS.join(', ')}`) ?? 'info',
    canary: read('canary', yesOrNo, 'true or false') ?? true,
    ...optional('existingTable', matching(/^[A-Za-z0-9_.-]{3,255}$/), 'the name of a table of DynamoDB'),
    ...optional('domainName', matching(DOMAIN), 'like api.example.com'),
    ...optional('certificateArn', matching(arn('acm', 'certificate/[a-z0-9-]+')), 'the ARN of a certificate of ACM'),
    ...read('webSite', webSite, 'true or false'),
    ...optional('webDomainName', matching(DOMAIN), 'like pipelines.example.com'),
    ...optional(
      'webCertificateArn',
      matching(arn('acm', 'certificate/[a-z0-9-]+', 'us-east-1')),
      'the ARN of a certificate of ACM in us-east-1, where CloudFront looks for it',
    ),
    ...optional(
      'webAclArn',
      matching(arn('wafv2', 'global/webacl/[A-Za-z0-9_-]{1,128}/[a-f0-9-]+', 'us-east-1')),
      'the ARN of a web ACL of WAF for CloudFront, which are in us-east-1',
    ),
    ...optional('alarmsTopicArn', matching(arn('sns', '[A-Za-z0-9_-]{1,256}')), 'the ARN of a topic of SNS'),
    ...optional('egressVpc', matching(idOf('vpc')), 'the id of a VPC'),
    ...optional('egressSubnets', ids('subnet'), 'a list of ids of subnets with commas between them'),
    ...optional('egressSecurityGroups', ids('sg'), 'a list of ids of security groups with commas between them'),
  };
  if (problems.length === 0) problems.push(...loneImports(settings));
  problems.push(...unknownSettings(Object.keys(context), known));
  if (problems.length > 0) throw new Error(`the settings of the deployment are wrong: ${problems.join('; ')}`);
  return settings;
}

const matching = (form: RegExp) => (text: string) => (form.test(text) ? text : undefined);

const arn = (service: string, resource: string, region = '[a-z0-9-]+') =>
  new RegExp(`^arn:aws[a-z-]*:${service}:${region}:\\d{12}:${resource}$`);

const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/;

const stackName = matching(NAME);

const removal = (text: string) => ({ retain: RemovalPolicy.RETAIN, destroy: RemovalPolicy.DESTROY })[text];

/** Those that CloudWatch knows, without its "for ever", which is written 9999. */
const RETENTIONS: readonly RetentionDays[] = Object.values(RetentionDays).filter(
  (value): value is RetentionDays => typeof value === 'number' && value !== RetentionDays.INFINITE,
);

const kept = (text: string) => RETENTIONS.find(value => String(value) === text);

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warning', 'error'];

const level = (text: string) => LEVELS.find(name => name === text);

const days = (text: string) => (/^[1-9][0-9]{0,4}$/.test(text) ? Number(text) : undefined);

/** In an object, so that `true` is something too: there is one anyway. */
const webSite = (text: string) => ({ true: {}, false: { webSite: false as const } })[text];

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

/** As EC2 makes them, now and in former times. */
const idOf = (kind: string) => new RegExp(`^${kind}-(?:[0-9a-f]{17}|[0-9a-f]{8})$`);

const ids = (kind: string) => (text: string) => {
  const list = listOf(text);
  const form = idOf(kind);
  return list.length > 0 && list.every(id => form.test(id)) ? list : undefined;
};

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
