import { isSecret, type ValueRecord } from '../../store/values.ts';
import { formatTime } from '../time.ts';
import { type Entity, makeEntity } from './entity.ts';

/** What a secret holds never leaves, sealed or not; that it changed shows in `updated_at`, and so in the etag. */
export function renderValue(record: ValueRecord): Entity {
  return makeEntity(
    JSON.stringify({
      key: record.key,
      value: 'value' in record.content ? record.content.value : '',
      is_secret: isSecret(record),
      description: record.description,
      source: 'app',
      created_at: formatTime(record.createdAt),
      updated_at: formatTime(record.updatedAt),
      secret_key: null,
      secret_store_id: null,
      secret_version: null,
    }),
  );
}
