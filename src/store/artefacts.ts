import type { JsonObject } from '../json.ts';
import type { Cursor, Item, Page, Table } from '../ports/table.ts';
import { jsonObject, number, text } from './fields.ts';
import { artefactKey, OPEN_ARTEFACTS } from './keys.ts';

/** A version of an artefact that was pushed. */
export type ArtefactRecord = {
  readonly org: string;
  /** Made of what it is: the same one pushed again is this one. */
  readonly id: string;
  /** `type`, `name` and what else the push said. */
  readonly body: JsonObject;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly createdBy: string;
  /** Every pipeline that asks for it has it. */
  readonly done: boolean;
};

/** `expiresAt`: seconds since the epoch. Answers what stands there: this one, or the same one from before. */
export async function putArtefact(
  table: Table,
  artefact: Omit<ArtefactRecord, 'done'>,
  expiresAt: number,
): Promise<ArtefactRecord> {
  const { org, id, body, createdAt, createdBy } = artefact;
  const item: Item = {
    ...artefactKey(org, id),
    gsi2pk: OPEN_ARTEFACTS,
    gsi2sk: `${org}/${id}`,
    body: JSON.stringify(body),
    created_at: createdAt,
    created_by: createdBy,
    expires_at: expiresAt,
  };
  const written = await table.write({ put: item, when: [[{ name: 'pk', is: 'absent' }]] });
  return fromItem(written.item ?? item);
}

/** Every pipeline has it: nobody has to look at it any more. */
export async function closeArtefact(table: Table, { org, id }: ArtefactRecord): Promise<void> {
  await table.write({
    update: artefactKey(org, id),
    remove: ['gsi2pk', 'gsi2sk'],
    when: [[{ name: 'gsi2pk', is: 'present' }]],
  });
}

/** In the order of the ids; those that are there. Limit: 100. */
export async function getArtefacts(
  table: Table,
  org: string,
  ids: readonly string[],
): Promise<readonly ArtefactRecord[]> {
  if (ids.length === 0) return [];
  const items = await table.getMany(
    ids.map(id => artefactKey(org, id)),
    { consistent: true },
  );
  return items.flatMap(item => (item === undefined ? [] : [fromItem(item)]));
}

/** Those that some pipeline may not have yet. An index is read, which may be a moment behind. */
export async function* openArtefacts(table: Table): AsyncGenerator<{ readonly org: string; readonly id: string }> {
  let after: Cursor | undefined;
  do {
    const page: Page = await table.query({
      index: 'gsi2',
      pk: OPEN_ARTEFACTS,
      limit: 100,
      ...(after === undefined ? {} : { after }),
    });
    for (const item of page.items) {
      const [org = '', id = ''] = text(item, 'gsi2sk').split('/');
      yield { org, id };
    }
    after = page.next;
  } while (after !== undefined);
}

const fromItem = (item: Item): ArtefactRecord => ({
  org: item.pk.slice('ARTEFACTS#'.length),
  id: item.sk,
  body: jsonObject(item, 'body'),
  createdAt: number(item, 'created_at'),
  createdBy: text(item, 'created_by'),
  done: item.gsi2pk === undefined,
});
