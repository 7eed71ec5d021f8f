import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HeldRole } from '../../src/access/roles.ts';
import { failed, succeeded } from '../../src/actions/action.ts';
import { listAudit } from '../../src/store/audit.ts';
import { putRole, removeRole } from '../../src/store/roles.ts';
import { putSubject, type SubjectType } from '../../src/store/subjects.ts';
import { IDENTITY_CASES, type IdentityCase } from '../fixtures/run/identity.ts';
import { define, type OwnEngine, openEngine, PROBE } from '../kit/engine.ts';

const SERVICE_USER = 's-5b1a1c1e-5f9c-4e53-9e0a-0d4f8a0a7c11';

let engine: OwnEngine;

beforeEach(() => {
  engine = openEngine();
});

afterEach(() => engine.close());

async function give(id: string, type: SubjectType, roles: readonly HeldRole[]): Promise<void> {
  await putSubject(engine.table, { id, type, name: id, createdAt: 1 });
  for (const role of roles) await putRole(engine.table, id, role, 1);
}

const ROLES: Readonly<Record<IdentityCase['has'][number], HeldRole>> = {
  member: { scope: 'org', org: 'demo', role: 'member' },
  administrator: { scope: 'org', org: 'demo', role: 'administrator' },
  developer: { scope: 'app', org: 'demo', app: 'hello', role: 'developer' },
  viewer: { scope: 'app', org: 'demo', app: 'hello', role: 'viewer' },
  deployer: { scope: 'env-type', org: 'demo', envType: 'development', role: 'deployer' },
};

const DEVELOPMENT = { org: 'demo', app: 'hello', envType: 'development' };

describe('a step', () => {
  // In the engine `u` starts the run and is the author of its version.
  it.each(IDENTITY_CASES)('$title', async ({ permissions, has, serviceUserHas = [], permission, allowed, reason }) => {
    await give(
      'u',
      'user',
      has.map(name => ROLES[name]),
    );
    await give(
      SERVICE_USER,
      'service',
      serviceUserHas.map(name => ROLES[name]),
    );
    const head = permissions === undefined ? '' : `permissions: ${permissions.replace('SERVICE_USER', SERVICE_USER)}`;
    const path = await engine.start(define(`  a: { steps: [{ uses: ${PROBE} }] }`, head));
    const invocation = engine.invoke(path);
    await engine.untilCalls(1);
    const decision = await engine.call(0).context.may(permission, DEVELOPMENT);
    expect(decision).toEqual({ allowed, reason: expect.stringMatching(reason) });
    engine.call(0).answer(succeeded());
    await invocation;
    const { records } = await listAudit(engine.table, 'demo', { limit: 10 });
    expect(records.map(({ decision, permission: asked, details }) => [decision, asked, details?.step])).toEqual(
      allowed ? [] : [['refused', permission, `${path.run}/a/0/1`]],
    );
  });

  it('is stopped by a role that was taken away since the step before, and while the run was parked', async () => {
    await give('u', 'user', [ROLES.member, ROLES.developer, ROLES.deployer]);
    const path = await engine.start(
      define(
        `  a: { steps: [{ uses: ${PROBE} }, { uses: actions/humanitec/sleep@v1, with: { seconds: 600 } }, { uses: ${PROBE} }] }`,
      ),
    );
    const first = engine.invoke(path);
    await engine.untilCalls(1);
    expect(await engine.call(0).context.may('environments.deploy', DEVELOPMENT)).toMatchObject({ allowed: true });
    engine.call(0).answer(succeeded());
    expect(await first).toMatchObject({ next: 'park' });
    await removeRole(engine.table, 'u', ROLES.deployer);
    await engine.clock.advance(600_000);
    const second = engine.invoke(path);
    await engine.untilCalls(2);
    const decision = await engine.call(1).context.may('environments.deploy', DEVELOPMENT);
    expect(decision).toMatchObject({ allowed: false });
    engine.call(1).answer(failed('FORBIDDEN', decision.reason));
    expect(await second).toEqual({ next: 'done' });
    expect((await engine.run(path)).message).toContain("deployer of environment type 'development'");
  });

  it('acts in the org of its pipeline only, wherever else whoever started it holds roles', async () => {
    const elsewhere: HeldRole = { scope: 'org', org: 'elsewhere', role: 'administrator' };
    await give('u', 'user', [ROLES.administrator, elsewhere]);
    const path = await engine.start(define(`  a: { steps: [{ uses: ${PROBE} }] }`));
    const invocation = engine.invoke(path);
    await engine.untilCalls(1);
    const { context } = engine.call(0);
    expect(await context.may('runs.start', DEVELOPMENT)).toMatchObject({ allowed: true });
    expect(await context.may('runs.start', { org: 'elsewhere', app: 'hello' })).toMatchObject({ allowed: false });
    engine.call(0).answer(succeeded());
    await invocation;
  });

  it('is not refused because the table is in trouble', async () => {
    await give('u', 'user', [ROLES.administrator]);
    const path = await engine.start(define(`  a: { steps: [{ uses: ${PROBE} }] }`));
    const broken = {
      ...engine.table,
      query: (query: Parameters<typeof engine.table.query>[0]) =>
        query.pk.startsWith('SUBJECT') ? Promise.reject(new Error('throttled')) : engine.table.query(query),
    };
    const invocation = engine.invoke(path, { table: broken });
    await engine.untilCalls(1);
    await expect(engine.call(0).context.may('runs.start', DEVELOPMENT)).rejects.toThrow('throttled');
    // Whatever the action makes of it.
    engine.call(0).answer(succeeded());
    await expect(invocation).rejects.toThrow('throttled');
    expect(await engine.run(path)).toMatchObject({ status: 'executing' });
  });
});
