import { createOnEventHandler } from '../../functions/on-event/on-event-handler.ts';
import type { Handled } from '../../src/api/on-event/on-event.ts';
import type { Json, JsonObject } from '../../src/json.ts';
import type { Person, World } from './api-world.ts';

export const YAML = { 'content-type': 'application/x-yaml' };

/** Started by orders of the shop that are worth more than 10. `more` goes behind the trigger. */
export const orderPipeline = (id: string, more = 'permissions: { application: developer }'): string => `id: ${id}
name: Order
on:
  event:
    source: [com.example.shop]
    detail-type: [OrderPlaced]
    detail: { amount: [{ numeric: [">", 10] }] }
    inputs:
      order: \${{ event.detail.id }}
      note: \${{ event.detail.note }}
  pipeline_call:
    inputs:
      order: { type: string, required: true, pattern: "^o-" }
      note: { type: string, default: none }
${more}
jobs:
  only:
    steps:
      - uses: actions/humanitec/log@v1
        with: { message: "\${{ inputs.order }}" }
`;

let count = 0;

/** As a bus delivers it, of account 111122223333. */
export function delivered(more: JsonObject = {}): JsonObject & { readonly id: string } {
  count += 1;
  return {
    version: '0',
    id: `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
    'detail-type': 'OrderPlaced',
    source: 'com.example.shop',
    account: '111122223333',
    time: '2030-01-01T00:00:00Z',
    region: 'eu-central-1',
    resources: [],
    detail: { id: 'o-1', amount: 42 },
    ...more,
  };
}

export const pipelineCall = (detail: JsonObject, more: JsonObject = {}): JsonObject & { readonly id: string } =>
  delivered({ 'detail-type': 'Pipeline Call', source: 'com.example.ci', detail, ...more });

/** What tests of events do with a world, in `acme/shop` as a rule. */
export function eventWorld(world: World) {
  const handler = createOnEventHandler(world);
  const app = '/orgs/acme/apps/shop';
  const list = async (path: string): Promise<readonly JsonObject[]> => {
    const answer = await world.client({ path });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  };
  return {
    handle: (event: Json): Promise<Handled> => handler(event),
    async save(definition: string, as: Person = 'admin'): Promise<void> {
      const token = world.tokens[as];
      const answer = await world.client({
        method: 'POST',
        path: `${app}/pipelines`,
        headers: YAML,
        body: definition,
        token,
      });
      if (answer.status !== 201) throw new Error(answer.text);
    },
    change: (id: string, definition: string) =>
      world.client({ method: 'PATCH', path: `${app}/pipelines/${id}`, headers: YAML, body: definition }),
    runs: (pipeline: string) => list(`${app}/pipelines/${pipeline}/runs`),
    refused: (query = '') => list(`${app}/refused-starts${query}`),
    retry: (id: unknown, as: Person = 'admin') =>
      world.client({ method: 'POST', path: `${app}/refused-starts/${id}/retry`, token: world.tokens[as] }),
    callers: (callers: Json, as: Person = 'admin') =>
      world.client({
        method: 'PUT',
        path: '/orgs/acme/settings/event-callers',
        body: { callers },
        token: world.tokens[as],
      }),
  };
}

export type EventWorld = ReturnType<typeof eventWorld>;
