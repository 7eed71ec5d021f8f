import { ListChecks, MousePointerClick, Play } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { useApi } from '../../api/api.ts';
import { useRights } from '../../api/can.ts';
import type { JsonSchema, Pipeline, PipelineRun } from '../../api/types.ts';
import { type Place, pathTo, useParam, usePlace } from '../../app/place.ts';
import { RightsError } from '../../app/rights-error.tsx';
import { isMap, secretInputs } from '../../parts/inputs-form/field-kind.ts';
import { defaultInputs, type Inputs } from '../../parts/inputs-form/request-body.ts';
import { Button, Card, Empty, ErrorPanel, LinkButton, LoadingRows, PageHeader, Section, say } from '../../ui/index.ts';
import { runName } from '../runs/run-name.ts';
import { AsCommand } from './as-command.tsx';
import { Plan } from './plan.tsx';
import styles from './start.module.css';
import { useStart } from './use-start.ts';

// Asked for with the page and not when the answers are there: it is as large as the rest of the page together.
const loading = import('../../parts/inputs-form/inputs-form.tsx');
const InputsForm = lazy(async () => ({ default: (await loading).InputsForm }));

/** Asks for the inputs of a run, shows what it would do, and starts it. */
export function StartPage() {
  const place = usePlace();
  const id = useParam('pipeline');
  const [search] = useSearchParams();
  const version = search.get('version') ?? undefined;
  const from = search.get('from') ?? undefined;
  const query = version === undefined ? {} : { version };
  const pipeline = useApi('getPipeline', { params: { ...place, pipeline: id }, query });
  const isCalled = pipeline.data?.trigger_types.includes('pipeline_call') === true;
  const schema = useApi('getInputsSchema', { params: { ...place, pipeline: id }, query, enabled: isCalled });
  const before = useApi('getRun', { params: { ...place, pipeline: id, run: from ?? '' }, enabled: from !== undefined });
  const error = pipeline.error ?? schema.error;
  // Whether one may start it is said with the form, not after it; what is in the form does not go when rights are read again.
  const { pending } = useRights(place);
  const [shown, setShown] = useState(false);
  if (!shown && !pending) setShown(true);
  const isReady = shown && schema.data !== undefined && (from === undefined || !before.pending);
  return (
    <>
      <PageHeader
        title={`Run ${pipeline.data?.name ?? id}`}
        crumbs={[
          { label: 'Pipelines', to: pathTo.pipelines(place) },
          { label: pipeline.data?.name ?? id, to: pathTo.pipeline(place, id) },
        ]}
      />
      {error === undefined ? null : (
        <ErrorPanel
          title={`What ‘${id}’ takes could not be read`}
          error={error}
          again={pipeline.error === undefined ? schema.again : pipeline.again}
        />
      )}
      {before.error === undefined ? null : (
        <ErrorPanel
          title="The run whose inputs were to be taken could not be read"
          error={before.error}
          again={before.again}
        />
      )}
      {pipeline.data !== undefined && !isCalled ? <NotCalled place={place} pipeline={pipeline.data} /> : null}
      {error === undefined && !isReady && (pipeline.pending || isCalled) ? <LoadingInputs /> : null}
      {isReady && pipeline.data !== undefined && schema.data !== undefined ? (
        // All at once: what is below the form would move when the form comes.
        <Suspense fallback={<LoadingInputs />}>
          <StartForm
            key={`${version} ${from}`}
            place={place}
            pipeline={pipeline.data}
            version={version}
            schema={schema.data}
            run={before.data ?? undefined}
          />
        </Suspense>
      ) : null}
    </>
  );
}

const LoadingInputs = () => <LoadingRows rows={3} label="Loading the inputs" />;

type FormProps = {
  readonly place: Place;
  readonly pipeline: Pipeline;
  readonly version: string | undefined;
  readonly schema: JsonSchema;
  /** Whose inputs it begins with. */
  readonly run: PipelineRun | undefined;
};

const FORM = 'start';

function StartForm({ place, pipeline, version, schema, run }: FormProps) {
  const rights = useRights(place);
  const navigate = useNavigate();
  const secrets = secretInputs(schema);
  const initial = run === undefined ? undefined : inputsOf(run, schema, secrets);
  const [inputs, setInputs] = useState<Inputs>(initial ?? defaultInputs(schema));
  const [broken, setBroken] = useState<ReadonlySet<string>>(new Set());
  const start = useStart({ place, pipeline: pipeline.id, version });
  // Which of the two buttons sent the form; Enter in a field is the first one, which starts nothing.
  const wanted = useRef<'plan' | 'start'>('plan');
  const { can, pending, error: unreadable } = rights;
  const allowed = can('runs.start');
  const send = async (given: Inputs): Promise<void> => {
    if (wanted.current === 'plan') return start.plan(given);
    const started = await start.start(given);
    if (started === undefined) return;
    say({ title: `${runName(started.id)} was started` });
    await navigate(pathTo.run(place, pipeline.id, started.id));
  };
  return (
    <>
      {run === undefined ? null : (
        <p>
          These are the inputs of {runName(run.id)}
          {secrets.length === 0 ? '.' : '; secrets are to be given again.'}
        </p>
      )}
      {version === undefined || version === pipeline.version ? null : (
        <p>This runs another version than the current one.</p>
      )}
      <Card>
        {Object.keys(isMap(schema.properties) ? schema.properties : {}).length === 0 ? (
          <p>This pipeline takes no inputs: start it as it is.</p>
        ) : null}
        <InputsForm
          id={FORM}
          schema={schema}
          initial={initial}
          serverProblems={start.problems}
          onChange={given => {
            setInputs(given);
            start.forget();
          }}
          onBroken={setBroken}
          onSubmit={given => void send(given)}
        >
          <Button
            type="submit"
            icon={ListChecks}
            allowed={allowed}
            busy={start.busy === 'plan'}
            disabled={start.busy === 'start'}
            onClick={() => {
              wanted.current = 'plan';
            }}
          >
            Show the plan
          </Button>
          <Button
            type="submit"
            kind="primary"
            icon={Play}
            allowed={allowed}
            busy={start.busy === 'start'}
            onClick={() => {
              wanted.current = 'start';
            }}
          >
            Start the run
          </Button>
        </InputsForm>
        <RightsError rights={rights} />
        {pending || unreadable !== undefined || allowed.allowed ? null : (
          <p className={styles.refused}>{allowed.reason}</p>
        )}
        {start.error === undefined ? null : <ErrorPanel title={start.error.title} error={start.error.error} />}
      </Card>
      {start.planned === undefined ? null : <Plan plan={start.planned} place={place} />}
      <Section title="The same from a terminal or a program">
        <AsCommand
          place={place}
          pipeline={pipeline.id}
          version={version}
          schema={schema}
          inputs={inputs}
          broken={broken}
        />
      </Section>
    </>
  );
}

/** Of what the version still takes; of secrets the run keeps a mask only. */
function inputsOf({ inputs }: PipelineRun, schema: JsonSchema, secrets: readonly string[]): Inputs {
  const known = isMap(schema.properties) ? schema.properties : {};
  return Object.fromEntries(
    Object.entries(inputs).filter(([name]) => Object.hasOwn(known, name) && !secrets.includes(name)),
  );
}

function NotCalled({ place, pipeline }: { readonly place: Place; readonly pipeline: Pipeline }) {
  return (
    <Empty
      title="Nobody starts this pipeline by hand"
      icon={MousePointerClick}
      action={<LinkButton to={pathTo.ofPipeline(place, pipeline.id, 'definition')}>Show its definition</LinkButton>}
    >
      <p>
        Its definition has no trigger <code>pipeline_call</code>: it starts by what its triggers name (
        {pipeline.trigger_types.join(', ')}). Add <code>pipeline_call</code> below <code>on</code> to start it here.
      </p>
    </Empty>
  );
}
