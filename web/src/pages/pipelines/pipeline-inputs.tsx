import { FormInput, Play } from 'lucide-react';
import { useApi } from '../../api/api.ts';
import { useRights } from '../../api/can.ts';
import type { Pipeline } from '../../api/types.ts';
import { type Place, pathTo } from '../../app/place.ts';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import { type InputSchema, propertiesOf } from '../../parts/inputs-form/field-kind.ts';
import { limitWords } from '../../parts/inputs-form/limit-words.ts';
import { type Column, Empty, ErrorPanel, LinkButton, LoadingRows, Table } from '../../ui/index.ts';
import styles from './pipeline.module.css';

type Input = { readonly name: string; readonly schema: InputSchema; readonly required: boolean };

const COLUMNS: readonly Column<Input>[] = [
  {
    head: 'Input',
    main: true,
    // Below its name, where most of the room is.
    cell: ({ name, schema: { description } }) => (
      <div className={styles.input}>
        <code>{name}</code>
        {typeof description === 'string' ? (
          <span className={styles.description}>
            <InertText text={description} />
          </span>
        ) : null}
      </div>
    ),
  },
  { head: 'Given', short: true, cell: ({ required }) => (required ? 'Required' : 'Optional') },
  {
    head: 'Takes',
    cell: ({ schema }) => (
      <div className={styles.takes}>
        <InertText text={takes(schema)} />
      </div>
    ),
  },
  {
    head: 'Default',
    cell: ({ schema }) => (
      <div className={styles.words}>
        <Default schema={schema} />
      </div>
    ),
  },
];

/** What a run takes, as the definition declares it. */
export function PipelineInputs({ place, pipeline }: { readonly place: Place; readonly pipeline: Pipeline }) {
  const isCalled = pipeline.trigger_types.includes('pipeline_call');
  const { can } = useRights(place);
  const schema = useApi('getInputsSchema', { params: { ...place, pipeline: pipeline.id }, enabled: isCalled });
  if (!isCalled) {
    return (
      <Empty title="Nobody calls this pipeline" icon={FormInput}>
        <p>
          Its definition has no trigger <code>pipeline_call</code>, so there is nothing to fill in: what starts it says
          what its inputs are.
        </p>
      </Empty>
    );
  }
  if (schema.error !== undefined) {
    return <ErrorPanel title="The inputs could not be read" error={schema.error} again={schema.again} />;
  }
  if (schema.data === undefined) return <LoadingRows rows={3} label="Loading the inputs" />;
  const inputs = inputsOf(schema.data);
  if (inputs.length === 0) {
    return (
      <Empty
        title="It takes no inputs"
        icon={FormInput}
        action={
          can('runs.start').allowed ? (
            <LinkButton icon={Play} to={pathTo.ofPipeline(place, pipeline.id, 'run')}>
              Run it
            </LinkButton>
          ) : undefined
        }
      >
        <p>
          Every run does the same. Inputs are declared in the definition, below <code>on.pipeline_call.inputs</code>.
        </p>
      </Empty>
    );
  }
  return <Table label={`Inputs of ${pipeline.id}`} columns={COLUMNS} rows={inputs} keyOf={input => input.name} />;
}

function inputsOf(schema: InputSchema): readonly Input[] {
  const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : [];
  return propertiesOf(schema).map(([name, child]) => ({ name, schema: child, required: required.includes(name) }));
}

/** `whole number, 1 to 5`; of a list of choices the choices. */
function takes(schema: InputSchema): string {
  const words = limitWords(schema).replace(/^, /, '');
  return Array.isArray(schema.enum) ? `${words}: ${schema.enum.map(one => JSON.stringify(one)).join(', ')}` : words;
}

function Default({ schema }: { readonly schema: InputSchema }) {
  if (schema.default === undefined) return <span className={styles.none}>None</span>;
  // No default of a secret is declared; should there be one all the same, nobody reads it here.
  if (schema.writeOnly === true) return <span className={styles.none}>Secret</span>;
  return (
    <code className={styles.value}>
      <InertText text={typeof schema.default === 'string' ? schema.default : JSON.stringify(schema.default)} />
    </code>
  );
}
