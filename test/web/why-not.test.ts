import { expect, test } from 'vitest';
import type { ApprovalRequest, HeldPermission } from '../../web/src/api/types.ts';
import { whyNot } from '../../web/src/pages/approvals/why-not.ts';

const held = (permission: string, envType?: string): HeldPermission => ({
  permission,
  org_id: 'demo',
  app_id: 'hello',
  reason: '',
  ...(envType === undefined ? {} : { env_type: envType }),
});

const VIEWER = [held('runs.read')];
const DEVELOPER = [...VIEWER, held('runs.start')];
const DEPLOYER = [...DEVELOPER, held('approvals.decide', 'production')];

const approval = (allowSelf: boolean, envType: string | undefined): ApprovalRequest => ({
  id: 'a',
  etag: 'e',
  org_id: 'demo',
  app_id: 'hello',
  pipeline_id: 'p',
  run_id: 'r',
  job_id: 'j',
  env_id: 'live',
  message: '',
  min_approvals: 1,
  allow_self: allowSelf,
  created_at: '2030-01-01T00:00:00Z',
  status: 'waiting',
  decisions: [],
  next: {
    asked_by: 'starter',
    run_as: 'starter',
    inputs: {},
    job: { id: 'j', name: 'j' },
    on_timeout: 'fail',
    may_decide: false,
    steps: [],
    jobs: [],
    more_steps: 0,
    why_not: 'Not allowed: some reason.',
    ...(envType === undefined ? {} : { env_type: envType }),
  },
});

const user = { id: 'somebody', type: 'user' } as const;
const starter = { id: 'starter', type: 'user' } as const;
const robot = { id: 's-1', type: 'service' } as const;

test.each([
  ['a viewer', VIEWER, user, true, 'production', 'You may only look at the app ‘hello’.'],
  [
    'a developer',
    DEVELOPER,
    user,
    true,
    'production',
    'You are not a deployer of environments of the type ‘production’.',
  ],
  [
    'a deployer of others',
    DEPLOYER,
    user,
    true,
    'staging',
    'You are not a deployer of environments of the type ‘staging’.',
  ],
  [
    'whoever started it',
    DEPLOYER,
    starter,
    false,
    'production',
    'You started this run, and this approval asks for somebody else than who did.',
  ],
  [
    'a service user',
    DEPLOYER,
    robot,
    false,
    'production',
    'You are a service user, and this approval asks for people.',
  ],
  [
    'anybody, of another environment',
    DEPLOYER,
    user,
    true,
    undefined,
    'The environment ‘live’ was deleted, or made anew, since this was asked.',
  ],
  ['whose rights could not be read', [], user, true, 'production', 'Not allowed: some reason.'],
  ['a reason of a newer server', DEPLOYER, user, true, 'production', 'Not allowed: some reason.'],
] as const)('%s is told why they may not decide', (_, rights, me, allowSelf, envType, reason) => {
  const words = whyNot(approval(allowSelf, envType), me, rights);
  expect(words?.reason).toBe(reason);
  expect(words?.who).toContain('an administrator of the org ‘demo’');
});

test('nothing is said to somebody who may', () => {
  const { next, ...rest } = approval(true, 'production');
  expect(whyNot(rest, user, DEPLOYER)).toBeUndefined();
  const { why_not: _, ...open } = next ?? {};
  expect(whyNot({ ...rest, next: open as typeof next & object }, user, DEPLOYER)).toBeUndefined(); // as: without one optional field
});
