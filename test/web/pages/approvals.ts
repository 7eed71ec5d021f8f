import type { Person, Web } from '../../kit/browser/open-web.ts';
import type { WebPage } from './page.ts';
import { APP, addPipeline, addRun, oncePerServer } from './seed.ts';

/** Text that would do something if it were not inert: markup, ANSI, and a character that turns the line around. */
export const HOSTILE = '<img src=x onerror=alert(1)> \u001b[31mred \u202Eesrever';

export type Asking = {
  readonly minApprovals?: number;
  readonly allowSelf?: boolean;
  readonly message?: string;
  readonly as?: Person;
};

/** As YAML; characters that are hidden have to be escaped in a definition. */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(/[^ -~]/g, letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

const asks = ({ minApprovals = 1, allowSelf = true, message }: Asking, id: string): string => `id: ${id}
name: Deploy with approval
on:
  pipeline_call:
    inputs:
      version: { type: string, default: 1.4.2 }
      token: { type: string, secret: true, required: true }
jobs:
  build:
    outputs:
      image: shop:\${{ inputs.version }}
    steps:
      - name: Build
        uses: actions/humanitec/log@v1
        with: { message: built }
  release:
    name: Release to production
    needs: build
    steps:
      - id: ask
        uses: actions/humanitec/approve@v1
        with:
          environment: production
          message: ${quoted(message ?? 'Release ${{ inputs.version }} to production?')}
          min_approvals: ${minApprovals}
          allow_self: ${allowSelf}
          timeout_minutes: 120
      - name: Deploy \${{ inputs.version }}
        uses: actions/humanitec/log@v1
        with:
          message: Deploys \${{ needs.build.outputs.image }}, as \${{ steps.ask.outputs.approved_by }} said, with \${{ inputs.token }}
      - name: Roll back
        if: failure()
        uses: actions/humanitec/log@v1
        with: { message: rolls back }
  announce:
    name: Tell everybody
    needs: release
    steps:
      - name: Post to the channel
        uses: actions/humanitec/log@v1
        with: { message: "Version \${{ inputs.version }} is out." }
`;

let count = 0;

/** A run that waits for an approval: the address of the approval's page, and of the API. */
export async function addApproval(web: Web, asking: Asking = {}): Promise<{ page: string; api: `/${string}` }> {
  count += 1;
  const pipeline = await addPipeline(web, asks(asking, `deploy-with-approval-${count}`));
  const run = await addRun(web, pipeline, { token: 'hush-hush-token' }, 'started', asking.as ?? 'developer');
  const id = await waitsFor(web, run);
  const path: `/${string}` = `${APP}/pipelines/${pipeline}/runs/${run}/jobs/release/approvals/${id}`;
  return { page: path, api: path };
}

/** Asks until the run has come to its approval: the server says so as soon as it has. */
async function waitsFor(web: Web, run: string): Promise<string> {
  for (;;) {
    const { json } = await web.api('viewer', `GET ${APP}/approvals?run=${run}`);
    if (json.length > 0) return json[0].id;
    await new Promise(resolve => setTimeout(resolve, 50)); // between two looks, not for anything to have happened
  }
}

const inbox = oncePerServer(async web => {
  await addApproval(web, { minApprovals: 2 });
  await addApproval(web, {
    message: `${'May this long question, with all that there is to say about it, be asked? '.repeat(6)}${HOSTILE}`,
  });
  for (const decision of ['approve', 'deny'] as const) {
    const { api } = await addApproval(web);
    await web.api('deployer', `POST ${api}/${decision}`, { comment: 'Looked at it with the team.' });
  }
});

const one = oncePerServer(web => addApproval(web, { minApprovals: 2 }));
const half = oncePerServer(async web => {
  const made = await addApproval(web, { minApprovals: 2 });
  await web.api('admin', `POST ${made.api}/approve`, { comment: `Fine with me. ${HOSTILE.replace('\u001b', '')}` });
  return made;
});
const denied = oncePerServer(async web => {
  const made = await addApproval(web);
  await web.api('deployer', `POST ${made.api}/deny`, { comment: 'Not on a Friday.' });
  return made;
});

export const approvalsPages: readonly WebPage[] = [
  {
    name: 'approvals-none',
    as: 'admin',
    prepare: async web => {
      await web.api('admin', 'POST /orgs/demo/apps', { id: 'no-approvals', name: 'No approvals' }, 409);
      return '/orgs/demo/apps/no-approvals/approvals';
    },
    ready: page => page.getByText('No run has asked for an approval').waitFor(),
  },
  {
    name: 'approvals',
    as: 'deployer',
    prepare: async web => {
      await inbox(web);
      return `${APP}/approvals`;
    },
    ready: page => page.getByRole('table', { name: 'Approvals that were decided' }).waitFor(),
  },
  {
    name: 'approval',
    as: 'deployer',
    prepare: async web => (await one(web)).page,
    ready: page => page.getByRole('button', { name: 'Approve' }).waitFor(),
  },
  {
    name: 'approval-half-refused',
    as: 'viewer',
    prepare: async web => (await half(web)).page,
    ready: page => page.getByText('You may not decide this.').waitFor(),
  },
  {
    name: 'approval-denied',
    as: 'developer',
    prepare: async web => (await denied(web)).page,
    ready: page => page.getByText('Not on a Friday.').waitFor(),
  },
];
