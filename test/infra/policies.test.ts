import { expect, test } from 'vitest';
import { AUDIT_PREFIX } from '../../src/store/keys.ts';
import {
  everything,
  invokers,
  keptOut,
  patterns,
  permissions,
  refused,
  resourcePolicies,
  trustConditions,
  trusts,
} from '../fixtures/infra/permissions.ts';
import { grantsOf, type Statement, statementsOf } from './statements.ts';
import { type Properties, readable, resourcesOf, synthesize, type Template } from './synthesize.ts';

const { template } = synthesize();
const roles = resourcesOf(template, 'AWS::IAM::Role');

test('each role may do exactly what is written down', () => {
  const found = Object.keys(roles).map(role => [role, grantsOf(template, role)]);
  expect(Object.fromEntries(found)).toEqual(permissions);
});

test('each role can be taken on by exactly who is written down, and has no policy that is not ours', () => {
  const found = Object.entries(roles).map(([role, { AssumeRolePolicyDocument, Description: _, ...more }]) => {
    expect(more, role).toEqual({});
    const { Statement } = AssumeRolePolicyDocument as { readonly Statement: readonly Properties[] };
    expect(Statement, role).toMatchObject([{ Effect: 'Allow', Action: 'sts:AssumeRole' }]);
    expect(Statement[0]?.Condition, role).toEqual(trustConditions[role]);
    return [role, Statement[0]?.Principal];
  });
  expect(Object.fromEntries(found)).toEqual(trusts);
});

test('no role may change or delete an entry of the audit log', () => {
  expect(refused.Condition['ForAnyValue:StringLike']['dynamodb:LeadingKeys']).toEqual([`${AUDIT_PREFIX}*`]);
  const reaching = Object.keys(permissions).filter(role =>
    JSON.stringify(permissions[role]).includes('<RecordsTable.Arn>'),
  );
  expect(reaching.length).toBeGreaterThan(0);
  for (const role of Object.keys(permissions)) {
    const denials = statementsOf(template, role).filter(({ Effect }) => Effect === 'Deny');
    if (role === ACTIONS) continue;
    expect(denials, role).toEqual(reaching.includes(role) ? [refused] : []);
  }
});

test('what a deployment lists for actions, patterns for the whole account too, leads no run to our own functions', () => {
  const denials = (of: Template) =>
    statementsOf(of, ACTIONS)
      .filter(({ Effect }) => Effect === 'Deny')
      .map(({ Resource, ...rest }) => ({ ...rest, Resource: [Resource].flat().toSorted() }));
  expect(denials(template)).toEqual(keptOut);
  const open = synthesize({
    allowedActions: {
      functions: ['arn:aws:lambda:*:*:function:*'],
      stateMachines: ['arn:aws:states:*:*:stateMachine:*'],
      queues: ['arn:aws:sqs:*:*:*'],
    },
  }).template;
  // With what is there for it to be told by.
  const more = {
    'lambda:InvokeFunction': ['OnStatusFunction.Arn>', 'OnStatusFunction.Arn>:*'],
    'sqs:SendMessage': ['DeadLetters.Arn>'],
  };
  expect(denials(open)).toEqual(
    keptOut.map(one => ({
      ...one,
      Resource: [
        ...one.Resource,
        ...Object.entries(more).flatMap(([action, names]) =>
          action === one.Action ? names.map(name => `<PipelineRunActions${name}`) : [],
        ),
      ].toSorted(),
    })),
  );
});

test('no statement that allows is true for a request that lacks what it asks for', () => {
  const given = synthesize({
    eventSenders: ['444455556666'],
    allowedActions: {
      eventBuses: ['arn:aws:events:eu-west-1:123456789012:event-bus/main'],
      taskDefinitions: ['arn:aws:ecs:eu-west-1:123456789012:task-definition/job:*'],
      clusters: ['arn:aws:ecs:eu-west-1:123456789012:cluster/main'],
      taskRoles: ['arn:aws:iam::123456789012:role/job'],
    },
  }).template;
  const conditions = allowing(readable(given.Resources)).flatMap(({ Condition = {} }) => [Condition]);
  const operators = new Set(conditions.flatMap(condition => Object.keys(condition)));
  // Each of them is false where the key is absent, but for the two after `ForAllValues`.
  expect([...operators].toSorted()).toEqual([
    'ArnEquals',
    'ArnLike',
    'ForAllValues:StringLike',
    'ForAllValues:StringNotEquals',
    'Null',
    'StringEquals',
  ]);
  for (const condition of conditions) {
    const { Null = {}, ...rest } = condition as Readonly<Record<string, object>>; // as: what IAM knows of it
    const open = Object.entries(rest).filter(([operator]) => operator.startsWith('ForAllValues:'));
    const keys = open.flatMap(([, values]) => Object.keys(values));
    expect(Null).toEqual(Object.fromEntries(keys.map(key => [key, 'false'])));
  }
});

/** Every statement that allows something, wherever in the template it stands. */
function allowing(value: unknown): readonly Pick<Statement, 'Condition'>[] {
  if (typeof value !== 'object' || value === null) return [];
  // as: what has an effect is a statement
  const own = 'Effect' in value && value.Effect === 'Allow' ? [value as Pick<Statement, 'Condition'>] : [];
  return [...own, ...Object.values(value).flatMap(allowing)];
}

test('each resource is open to exactly whom is written down', () => {
  const queues = Object.values(resourcesOf(template, 'AWS::SQS::QueuePolicy')).map(({ Queues, PolicyDocument }) => [
    String(Queues).slice(1, -1),
    PolicyDocument,
  ]);
  const keys = Object.entries(resourcesOf(template, 'AWS::KMS::Key')).map(([name, { KeyPolicy }]) => [name, KeyPolicy]);
  const buckets = Object.values(resourcesOf(template, 'AWS::S3::BucketPolicy')).map(({ Bucket, PolicyDocument }) => [
    String(Bucket).slice(1, -1),
    PolicyDocument,
  ]);
  const found = [...queues, ...keys, ...buckets].map(([name, policy]) => {
    const { Statement } = policy as { readonly Statement: readonly Properties[] };
    return [name, Statement];
  });
  expect(Object.fromEntries(found)).toEqual(resourcePolicies);
  expect(Object.keys(resourcesOf(template, 'AWS::SQS::Queue')).toSorted()).toEqual(
    Object.keys(resourcePolicies)
      .filter(name => name.endsWith('DeadLetters'))
      .toSorted(),
  );
});

test('each function is invoked by exactly who is written down, by its alias', () => {
  const found = Object.values(resourcesOf(template, 'AWS::Lambda::Permission')).map(
    ({ Action, Principal, SourceArn, FunctionName }) => {
      expect(Action).toBe('lambda:InvokeFunction');
      return [Principal, SourceArn, FunctionName];
    },
  );
  const sort = (rows: readonly (readonly unknown[])[]) => rows.map(row => row.join(' ')).toSorted();
  expect(sort(found)).toEqual(sort(invokers));
});

test('no policy stands anywhere else', () => {
  const known = [
    'AWS::IAM::Policy',
    'AWS::IAM::Role',
    'AWS::KMS::Key',
    'AWS::Lambda::Permission',
    'AWS::S3::BucketPolicy',
    'AWS::SQS::QueuePolicy',
  ];
  const others = Object.entries(template.Resources).filter(([, { Type }]) => !known.includes(Type));
  expect(others.filter(([, resource]) => /"Effect":|Policies"|PolicyDocument"/.test(JSON.stringify(resource)))).toEqual(
    [],
  );
});

test('only what has a reason may be done to everything, or to what matches a pattern', () => {
  const allowed = Object.keys(roles)
    .flatMap(role => statementsOf(template, role))
    .filter(({ Effect }) => Effect === 'Allow');
  const list = (value: string | readonly string[]) => [value].flat();
  const reaching = (resource: string) => allowed.filter(({ Resource }) => list(Resource).includes(resource));
  const actions = new Set(reaching('*').flatMap(({ Action }) => list(Action)));
  expect([...actions].toSorted()).toEqual(Object.keys(everything).toSorted());
  const wild = new Set(allowed.flatMap(({ Resource }) => list(Resource)).filter(hasWildcard));
  wild.delete('*');
  expect([...wild].toSorted()).toEqual(Object.keys(patterns).toSorted());
  for (const reason of [...Object.values(everything), ...Object.values(patterns)])
    expect(reason.length).toBeGreaterThan(20);
  // No action is a pattern.
  expect(allowed.flatMap(({ Action }: Statement) => list(Action)).filter(hasWildcard)).toEqual([]);
});

test('actions may call what the deployment lists, and the worker only through their role', () => {
  const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:notify';
  const listed = synthesize({ invokable: [arn] }).template;
  expect(grantsOf(listed, 'PipelineRunActionsRole')).toEqual([['lambda:InvokeFunction', arn]]);
  expect(grantsOf(listed, 'PipelineRunRunJobsRole')).toEqual(grantsOf(template, 'PipelineRunRunJobsRole'));
});

const ACTIONS = 'PipelineRunActionsRole';

const hasWildcard = (text: string) => /[*?]/.test(text);
