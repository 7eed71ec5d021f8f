import type { JsonSchema } from '../../api/types.ts';
import type { Place } from '../../app/place.ts';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import { cliOf } from '../../parts/inputs-form/cli-of.ts';
import { curlOf } from '../../parts/inputs-form/curl-of.ts';
import type { Inputs } from '../../parts/inputs-form/request-body.ts';
import {
  type BrokenInputs,
  missingInputs,
  placeholder,
  shownInputs,
  variableOf,
  variablesOf,
} from '../../parts/inputs-form/shown-inputs.ts';
import { CodeBlock } from '../../ui/index.ts';
import styles from './start.module.css';

type Props = {
  readonly place: Place;
  readonly pipeline: string;
  readonly version: string | undefined;
  readonly schema: JsonSchema;
  readonly inputs: Inputs;
  readonly broken: BrokenInputs;
};

/** What the form does, as a line to copy: with the inputs as they are now, without the token and without secrets. */
export function AsCommand({ place: { org, app }, pipeline, version, schema, inputs, broken }: Props) {
  const path = ['orgs', org, 'apps', app, 'pipelines', pipeline, 'runs'].map(encodeURIComponent).join('/');
  const search = version === undefined ? '' : `?${new URLSearchParams({ version })}`;
  const server = window.location.origin;
  const shown = shownInputs(schema, inputs, broken);
  const missing = missingInputs(schema, inputs).filter(path => !broken.has(path));
  const variables = variablesOf(shown);
  const secrets = [...new Set([...variables.keys()].map(variableOf))];
  const shared = [...variables].filter(([name, variable]) => variable !== variableOf(name)).map(([name]) => name);
  const twins = [...variables.keys()].filter(name => shared.some(other => variableOf(other) === variableOf(name)));
  return (
    <>
      <p>
        Set <code>PIPECALL_TOKEN</code> to a token of yours. Both commands do what the form does, with the inputs as
        they are in it now. <Missing names={missing} /> <NoValues paths={[...broken]} />
      </p>
      <h3>The command of Pipecall</h3>
      <p>
        In the folder of Pipecall: it follows the run to its end.
        {secrets.length === 0 ? null : (
          <>
            {' '}
            It asks for each secret, unless <Words words={secrets} /> is set.
            {twins.length === 0 ? null : (
              <>
                {' '}
                One variable is taken for <Words words={twins} />: leave it unset where they differ.
              </>
            )}
          </>
        )}
      </p>
      <CodeBlock
        label="Pipecall command that starts the run"
        wrap
        text={cliOf({ server, org, app, pipeline, version, inputs: shown })}
      />
      <h3>curl</h3>
      <p>
        From anywhere
        {secrets.length === 0 ? null : (
          <>
            {' '}
            that has <code>jq</code>, too: it takes each secret from a variable that you export before,{' '}
            <Words words={[...variables.values()]} />
          </>
        )}
        . Add the header <code>Prefer: wait=25</code>, and the answer comes when the run is over, or after 25 seconds:
        its <code>status</code> says which.
      </p>
      <CodeBlock
        label="curl command that starts the run"
        wrap
        text={curlOf({ url: `${server}/${path}${search}`, inputs: shown })}
      />
    </>
  );
}

function Missing({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <strong className={styles.missingInputs}>
      Required and not filled in yet: write it in the place of <Words words={names.map(placeholder)} />.
    </strong>
  );
}

function NoValues({ paths }: { readonly paths: readonly string[] }) {
  if (paths.length === 0) return null;
  return (
    <strong className={styles.missingInputs}>
      Not valid yet: write it in the place of <Words words={paths.map(placeholder)} />.
    </strong>
  );
}

/** `a`, `b`, `c`: names may be long, and lines break in them. */
function Words({ words }: { readonly words: readonly string[] }) {
  return words.map((word, index) => (
    <span key={word}>
      {index === 0 ? '' : ', '}
      <code className={styles.word}>
        <InertText text={word} />
      </code>
    </span>
  ));
}
