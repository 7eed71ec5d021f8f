import type { Place } from '../../app/place.ts';
import { cliOf } from '../../parts/inputs-form/cli-of.ts';
import { curlOf } from '../../parts/inputs-form/curl-of.ts';
import type { Inputs } from '../../parts/inputs-form/request-body.ts';
import { CodeBlock } from '../../ui/index.ts';

type Props = {
  readonly place: Place;
  readonly pipeline: string;
  readonly version: string | undefined;
  readonly inputs: Inputs;
  readonly secrets: readonly string[];
};

/** What the form does, as a line to copy: with the inputs as they are now, without the token and without secrets. */
export function AsCommand({ place: { org, app }, pipeline, version, inputs, secrets }: Props) {
  const path = ['orgs', org, 'apps', app, 'pipelines', pipeline, 'runs'].map(encodeURIComponent).join('/');
  const search = version === undefined ? '' : `?${new URLSearchParams({ version })}`;
  const server = window.location.origin;
  const hasSecrets = secrets.length > 0;
  return (
    <>
      <p>
        Set <code>PIPECALL_TOKEN</code> to a token of yours; both do what the form does, with the inputs as they are in
        it now.
      </p>
      <h3>The command of Pipecall</h3>
      <p>
        In the folder of Pipecall: it follows the run to its end.
        {hasSecrets ? (
          <>
            {' '}
            It asks for each secret, or takes it from <code>PIPECALL_INPUT_</code> and its name in capitals.
          </>
        ) : null}
      </p>
      <CodeBlock
        label="Pipecall command that starts the run"
        wrap
        text={cliOf({ server, org, app, pipeline, version, inputs, secrets })}
      />
      <h3>curl</h3>
      <p>
        From everywhere{hasSecrets ? '; write each secret in the place of its name' : ''}. With the header{' '}
        <code>Prefer: wait=25</code> the answer comes when the run is over, or after 25 seconds: its <code>status</code>{' '}
        says which.
      </p>
      <CodeBlock
        label="curl command that starts the run"
        wrap
        text={curlOf({ url: `${server}/${path}${search}`, inputs, secrets })}
      />
    </>
  );
}
