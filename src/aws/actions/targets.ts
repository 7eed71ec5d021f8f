/** Where the deployment is: what has a name only is there too. */
export type Home = { readonly partition: string; readonly region: string; readonly account: string };

/** `arn:partition:service:region:account:resource`, where `resource` may hold colons. */
export type Target = {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
};

/** Undefined: it is no ARN. */
export function readArn(text: string): Target | undefined {
  const [head, partition, service, region, account, ...rest] = text.split(':');
  const resource = rest.join(':');
  if (head !== 'arn' || !partition || !service || region === undefined || account === undefined || resource === '') {
    return undefined;
  }
  return { partition, service, region, account, resource };
}

const arnOf = ({ partition, region, account }: Home, service: string, resource: string): string =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`;

/** `name`, `name:alias`, `account:function:name` or an ARN: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function functionArn(home: Home, text: string): string {
  if (readArn(text) !== undefined) return text;
  const partial = /^(\d{12}):(function:.+)$/.exec(text);
  if (partial === null) return arnOf(home, 'lambda', `function:${text}`);
  const [, account = home.account, resource = ''] = partial;
  return arnOf({ ...home, account }, 'lambda', resource);
}

/**
 * A definition without a revision is run in its newest one, whose number nobody knows before: only a pattern for all
 * revisions lets it through.
 */
export function taskDefinitionArn(home: Home, text: string): string {
  const arn = readArn(text) === undefined ? arnOf(home, 'ecs', `task-definition/${text}`) : text;
  return /:\d+$/.test(arn.slice(arn.lastIndexOf('/'))) ? arn : `${arn}:newest`;
}

export const named = (home: Home, service: string, kind: string, text: string): string =>
  readArn(text) === undefined ? arnOf(home, service, `${kind}/${text}`) : text;

/** `https://sqs.<region>.amazonaws.com/<account>/<name>`, an ARN, or a name. Undefined: a URL of something else. */
export function queueArn(home: Home, text: string): string | undefined {
  if (readArn(text) !== undefined) return text;
  if (!text.includes('/')) return arnOf(home, 'sqs', text);
  const [, region, account, name] =
    /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/(\d{12})\/([A-Za-z0-9_.-]+)$/.exec(text) ?? [];
  if (region === undefined || account === undefined || name === undefined) return undefined;
  return arnOf({ ...home, region, account }, 'sqs', name);
}

/** The execution with this name, of a state machine or of a version or alias of it. */
export function executionArnOf(stateMachine: string, name: string): string {
  const [machine] = (readArn(stateMachine)?.resource ?? '').slice('stateMachine:'.length).split(':');
  return `${stateMachine.slice(0, stateMachine.indexOf(':stateMachine:'))}:execution:${machine}:${name}`;
}

/** As IAM reads a resource: `*` and `?` stay within a part, the last part has the rest with all its colons. */
export function isAllowed(patterns: readonly string[], arn: string): boolean {
  const target = partsOf(arn);
  return patterns.some(pattern => {
    const parts = partsOf(pattern);
    return (
      target.length === 6 && parts.length === 6 && parts.every((part, index) => matches(part, target[index] ?? ''))
    );
  });
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length < 6 ? [] : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** Without a regular expression, for a pattern must not be slow on any text. */
function matches(pattern: string, text: string): boolean {
  let [at, index, star, mark] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[index] === '*') {
      star = index++;
      mark = at;
    } else if (index < pattern.length && (pattern[index] === '?' || pattern[index] === text[at])) {
      index++;
      at++;
    } else if (star >= 0) {
      index = star + 1;
      at = ++mark;
    } else return false;
  }
  while (pattern[index] === '*') index++;
  return index === pattern.length;
}
