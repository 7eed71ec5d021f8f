import { decide } from '../../access/decide.ts';
import { makeSecret, SECRET_BYTES } from '../../run/webhooks/sign.ts';
import { getApp } from '../../store/apps.ts';
import {
  changeWebhook,
  putNewWebhook,
  listWebhooks as readAll,
  deleteWebhook as remove,
  type SigningSecret,
  type WebhookRecord,
} from '../../store/webhooks.ts';
import type { Caller } from '../authenticate.ts';
import { describeError } from '../log.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { checkIfMatch, replyEntity } from '../render/index.ts';
import { renderWebhook, withSecret } from '../render/webhook.ts';
import { isRefusal, NO_CONTENT, NOT_FOUND, type Refusal, refuse } from '../reply.ts';
import { MOST_WEBHOOKS } from '../schemas/webhooks.ts';
import { readWebhookBody } from '../webhook-body.ts';

/** Milliseconds that a secret signs beside the one that took its place. */
const OVERLAP = 86_400_000;

/** Secrets that sign at the same time: the oldest makes room. */
const MOST_SECRETS = 3;

const mayChange = ({ roles }: Caller, { org, app }: { readonly org: string; readonly app: string }): boolean =>
  decide(roles, 'webhooks.write', { org, app }).allowed;

export const listWebhooks =
  (dependencies: ApiDependencies): Operation<'listWebhooks'> =>
  async ({ caller, params }) => {
    const { clock } = dependencies;
    const whole = mayChange(caller, params);
    const records = await readableWebhooks(dependencies, params);
    return {
      status: 200,
      body: `[${records.map(record => renderWebhook(record, whole, clock.now()).text).join(',')}]`,
    };
  };

function readableWebhooks({ table, log }: ApiDependencies, path: { readonly org: string; readonly app: string }) {
  const unreadable = (error: unknown) =>
    log({ level: 'error', message: 'a webhook cannot be read and is left out', ...describeError(error) });
  return readAll(table, path, unreadable);
}

export const createWebhook =
  (dependencies: ApiDependencies): Operation<'createWebhook'> =>
  async ({ request, caller, loaded, audit }) => {
    const { table, clock, ids, baseUrl = '' } = dependencies;
    const given = readWebhookBody(request, ['url'], ['id', 'description', 'triggers', 'disabled']);
    if (isRefusal(given)) return given;
    const { id = ids.uuid(), url = '', description = '', types = [], disabled = false } = given;
    audit({ webhook: id });
    const count = async () => (await readableWebhooks(dependencies, loaded)).length;
    if ((await count()) >= MOST_WEBHOOKS) return TOO_MANY;
    const made = await makeSigning(dependencies, loaded);
    const now = clock.now();
    const record: WebhookRecord = {
      ...{ org: loaded.org, app: loaded.app, id, since: ids.uuid(), url, description, types },
      ...(disabled ? { disabled: 'by_request' } : {}),
      ...{ secrets: [made.signing], createdAt: now, createdBy: caller.id, updatedAt: now, revision: 1, failures: 0 },
    };
    if (!(await putNewWebhook(table, record))) {
      return refuse('WEBHOOK_ID_TAKEN', `The app has a webhook '${id}' already; change it with PATCH.`);
    }
    // As for values: whoever deletes the app saw this one, or that it is gone is seen here. And of those that were added
    // at the same time, the last that came into the table sees all of them: so many never stay.
    const [app, there] = await Promise.all([getApp(table, loaded), count()]);
    if (app === undefined || there > MOST_WEBHOOKS) {
      await remove(table, record);
      return app === undefined ? NOT_FOUND : TOO_MANY;
    }
    const entity = renderWebhook(record, true, now);
    const headers = { etag: entity.etag, location: `${baseUrl}${request.path}/${id}` };
    return { status: 201, headers, body: withSecret(entity, made.secret) };
  };

export const getWebhook =
  ({ clock }: ApiDependencies): Operation<'getWebhook'> =>
  ({ caller, loaded }) =>
    replyEntity(200, renderWebhook(loaded, mayChange(caller, loaded), clock.now()));

export const updateWebhook =
  ({ table, clock }: ApiDependencies): Operation<'updateWebhook'> =>
  async ({ request, loaded, audit }) => {
    const given = readWebhookBody(request, [], ['url', 'description', 'triggers', 'disabled']);
    if (isRefusal(given)) return given;
    const mismatch = checkIfMatch(request, renderWebhook(loaded, true, clock.now()));
    if (mismatch !== undefined) return mismatch;
    const { disabled, url, description, types } = given;
    audit({
      changed: Object.keys(given).join(', '),
      ...(disabled === undefined ? {} : { disabled: String(disabled) }),
    });
    const changed = await changeWebhook(
      table,
      loaded,
      {
        ...(url === undefined ? {} : { url }),
        ...(description === undefined ? {} : { description }),
        ...(types === undefined ? {} : { types }),
        ...(disabled === undefined ? {} : { disabled: disabled ? 'by_request' : null }),
      },
      clock.now(),
    );
    return changed === undefined ? CHANGED : replyEntity(200, renderWebhook(changed, true, clock.now()));
  };

export const deleteWebhook =
  ({ table, clock }: ApiDependencies): Operation<'deleteWebhook'> =>
  async ({ request, loaded }) => {
    const mismatch = checkIfMatch(request, renderWebhook(loaded, true, clock.now()));
    if (mismatch !== undefined) return mismatch;
    await remove(table, loaded);
    return NO_CONTENT;
  };

export const rotateWebhookSecret =
  (dependencies: ApiDependencies): Operation<'rotateWebhookSecret'> =>
  async ({ loaded }) => {
    const { table, clock } = dependencies;
    const now = clock.now();
    const before = loaded.secrets
      .map(({ sealed, until = now + OVERLAP }): SigningSecret => ({ sealed, until }))
      .filter(({ until = 0 }) => until > now);
    const made = await makeSigning(dependencies, loaded);
    const secrets = [made.signing, ...before].slice(0, MOST_SECRETS);
    const changed = await changeWebhook(table, loaded, { secrets }, now);
    if (changed === undefined) return CHANGED;
    const entity = renderWebhook(changed, true, now);
    return { status: 200, headers: { etag: entity.etag }, body: withSecret(entity, made.secret) };
  };

async function makeSigning(
  { ids, vault }: ApiDependencies,
  { org, app }: { readonly org: string; readonly app: string },
): Promise<{ readonly secret: string; readonly signing: SigningSecret }> {
  const secret = makeSecret(ids.random(SECRET_BYTES));
  return { secret, signing: { sealed: await vault.seal({ org, app }, secret) } };
}

const TOO_MANY: Refusal = refuse(
  'TOO_MANY_WEBHOOKS',
  `An app has at most ${MOST_WEBHOOKS} webhooks, and those that are just being added count; delete one first.`,
);

const CHANGED: Refusal = refuse(
  'CHANGED_MEANWHILE',
  'Another request, or what became of a delivery, changed the webhook at the same time; read it again and repeat.',
);
