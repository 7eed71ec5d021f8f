import { lazy, Suspense } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useApiList } from '../../api/api.ts';
import type { Pipeline, PipelineVersion } from '../../api/types.ts';
import { PersonName } from '../../app/person-name.tsx';
import { type Place, pathTo } from '../../app/place.ts';
import { searchNow } from '../../app/search-now.ts';
import {
  type Column,
  ErrorPanel,
  exactTime,
  LoadingRows,
  LoadMore,
  Section,
  Select,
  Skeleton,
  Table,
  Time,
} from '../../ui/index.ts';
import styles from './pipeline.module.css';
import { useDefinition } from './use-definition.ts';
import { versionName } from './version-name.ts';

const YamlDiff = lazy(async () => ({ default: (await import('../../parts/yaml-diff/yaml-diff.tsx')).YamlDiff }));

/** Every definition that was saved, and what changed between two of them. */
export function PipelineVersions({ place, pipeline }: { readonly place: Place; readonly pipeline: Pipeline }) {
  const versions = useApiList('listPipelineVersions', {
    params: { ...place, pipeline: pipeline.id },
    query: { per_page: 100 },
    every: 15_000,
  });
  const [search, setSearch] = useSearchParams();
  const items = versions.items ?? [];
  const to = search.get('to') ?? items[0]?.id;
  const from = search.get('from') ?? items[items.findIndex(version => version.id === to) + 1]?.id;
  const choose = (pair: { readonly from: string; readonly to: string }): void => setSearch(pair, { replace: true });
  const options = optionsOf(items, [from, to]);
  return (
    <>
      {versions.error === undefined ? null : (
        <ErrorPanel title="The versions could not be read" error={versions.error} again={versions.again} />
      )}
      {versions.pending ? <LoadingRows rows={4} label="Loading the versions" /> : null}
      {versions.items === undefined ? null : (
        <Section title="Saved versions">
          <Table
            label={`Versions of ${pipeline.id}`}
            columns={columnsOf(place, pipeline, items)}
            rows={items}
            keyOf={version => version.id}
          />
          <LoadMore more={versions.more} busy={versions.loadingMore} />
        </Section>
      )}
      {versions.items === undefined || to === undefined ? null : (
        <Section title="What changed">
          {from === undefined ? (
            <p className={styles.none}>There is one version only. Edit the pipeline: what you change is shown here.</p>
          ) : (
            <>
              <div className={styles.compared}>
                <Select
                  label="From"
                  required
                  options={options}
                  value={from}
                  onText={id => choose({ from: id, to: searchNow().get('to') ?? to })}
                />
                <Select
                  label="To"
                  required
                  options={options}
                  value={to}
                  onText={id => choose({ from: searchNow().get('from') ?? from, to: id })}
                />
              </div>
              <Compared place={place} pipeline={pipeline} from={from} to={to} />
            </>
          )}
        </Section>
      )}
    </>
  );
}

function Compared({
  place,
  pipeline,
  from,
  to,
}: {
  readonly place: Place;
  readonly pipeline: Pipeline;
  readonly from: string;
  readonly to: string;
}) {
  const before = useDefinition(place, pipeline.id, from);
  const after = useDefinition(place, pipeline.id, to);
  const failed = [before, after].find(read => read.error !== undefined);
  if (failed?.error !== undefined) {
    return <ErrorPanel title="A version could not be read" error={failed.error} again={failed.again} />;
  }
  if (before.data === undefined || after.data === undefined) return <Skeleton height="16rem" />;
  return (
    <Suspense fallback={<Skeleton height="16rem" />}>
      <YamlDiff
        before={{ name: versionName(from), text: before.data }}
        after={{ name: versionName(to), text: after.data }}
      />
    </Suspense>
  );
}

/** Also what the address names and no page of the list has shown yet. */
function optionsOf(versions: readonly PipelineVersion[], chosen: readonly (string | undefined)[]) {
  const listed = versions.map(version => ({
    value: version.id,
    // So short that a telephone shows all of it; which is the current one is said in the list above.
    label: `…${version.id.slice(-8)} · ${exactTime(version.created_at)}`,
  }));
  const others = chosen.flatMap(id =>
    id === undefined || versions.some(version => version.id === id) ? [] : [{ value: id, label: versionName(id) }],
  );
  return [...listed, ...others];
}

function columnsOf(
  place: Place,
  pipeline: Pipeline,
  versions: readonly PipelineVersion[],
): readonly Column<PipelineVersion>[] {
  const part = (name: string, search: Readonly<Record<string, string>>): string =>
    `${pathTo.ofPipeline(place, pipeline.id, name)}?${new URLSearchParams(search)}`;
  return [
    {
      head: 'Version',
      main: true,
      cell: ({ id }) => (
        <>
          <Link to={part('definition', { version: id })}>{versionName(id)}</Link>
          {id === pipeline.version ? <span className={styles.current}>current</span> : null}
        </>
      ),
    },
    { head: 'Saved', cell: ({ created_at }) => <Time at={created_at} /> },
    { head: 'By', cell: ({ created_by }) => <PersonName org={place.org} id={created_by} /> },
    {
      head: 'What changed',
      cell: version => {
        const before = versions[versions.indexOf(version) + 1];
        return before === undefined ? (
          <span className={styles.none}>The first version</span>
        ) : (
          <Link to={part('versions', { from: before.id, to: version.id })} preventScrollReset>
            Changes<span className="sr-only"> of {versionName(version.id)}</span>
          </Link>
        );
      },
    },
  ];
}
