import { join } from 'node:path';
import { APP, ORG, PIPELINE } from './seed-names.ts';
import { PEOPLE, TOKENS_FILE } from './seed-people.ts';

/** What the first screen says: where it is, who you are, and two lines that show the product at work. */
export function welcome(options: {
  readonly url: string;
  readonly token: string;
  readonly data: string;
  /** Folder with the modules of registered actions. */
  readonly actions?: string;
  readonly allowEgress: readonly string[];
  readonly mode: 'embedded' | 'sdk';
}): string {
  const { url, token } = options;
  const runs = `${url}/orgs/${ORG}/apps/${APP}/pipelines/${PIPELINE}/runs`;
  const tokens = join(options.data, TOKENS_FILE);
  const bearer = `-H 'Authorization: Bearer ${token}'`;
  const egress =
    options.allowEgress.length === 0
      ? 'public addresses only'
      : `public addresses and ${options.allowEgress.join(', ')}`;
  const modules = options.actions === undefined ? '' : `; registered actions call the modules in ${options.actions}`;
  return `Pipecall (${options.mode === 'sdk' ? 'AWS SDK against loopback endpoints' : 'embedded'})

  pages  ${url}/ui/   (sign in with the token below)
  API    ${url}   (its operations: ${url}/openapi.json)
  token  ${token}   (administrator of org '${ORG}')
  data   ${options.data}
  people ${tokens}   (tokens of ${Object.keys(PEOPLE).join(', ')}, to try what each may do)
  steps  may reach ${egress}${modules}

Start a run of the example pipeline '${PIPELINE}':

  curl -i -w '\\n' -X POST ${runs} ${bearer} -H 'Content-Type: application/json' -d '{"inputs": {"name": "Ada"}}'

See the newest run and its log:

  RUN=$(curl -s '${runs}?per_page=1' ${bearer} | grep -o '"id":"[^"]*"' | head -n 1 | cut -d '"' -f 4); curl -w '\\n' ${bearer} ${runs}/$RUN ${runs}/$RUN/jobs/greet/steps/0/logs

Be somebody else, for example the viewer, who may read and not start:

  VIEWER=$(node -p "JSON.parse(fs.readFileSync('${tokens}')).viewer"); curl -w '\\n' -H "Authorization: Bearer $VIEWER" ${url}/current-user

For the lines of the README:

  export URL=${url} TOKEN=${token}

ready ${url}
`;
}
