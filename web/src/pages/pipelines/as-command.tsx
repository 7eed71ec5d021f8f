import type { Place } from '../../app/place.ts';
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
  const url = `${window.location.origin}/${path}${search}`;
  return (
    <>
      <p>
        Set <code>PIPECALL_TOKEN</code> to your token
        {secrets.length === 0 ? '' : ', and write each secret in the place of its name'}. With the header{' '}
        <code>Prefer: wait=30</code> the answer comes when the run is over.
      </p>
      <CodeBlock label="curl command that starts the run" wrap text={curlOf({ url, inputs, secrets })} />
    </>
  );
}
