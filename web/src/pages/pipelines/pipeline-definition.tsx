import { GitCompareArrows, Pencil } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useHref, useSearchParams } from 'react-router';
import { useRights } from '../../api/can.ts';
import type { Pipeline } from '../../api/types.ts';
import { type Place, pathTo } from '../../app/place.ts';
import { CopyButton, ErrorPanel, LinkButton, Skeleton } from '../../ui/index.ts';
import styles from './pipeline.module.css';
import { useDefinition } from './use-definition.ts';
import { versionName } from './version-name.ts';

const YamlEditor = lazy(async () => ({
  default: (await import('../../parts/yaml-editor/yaml-editor.tsx')).YamlEditor,
}));

/** About as high as the editor, so that nothing moves when it comes. */
const EDITOR_HEIGHT = 'clamp(16rem, 60vh, 48rem)';

/** The definition of the version in the address, else of the current one, with lines that can be linked to. */
export function PipelineDefinition({ place, pipeline }: { readonly place: Place; readonly pipeline: Pipeline }) {
  const { can } = useRights(place);
  const [search, setSearch] = useSearchParams();
  const version = search.get('version') ?? pipeline.version;
  const isCurrent = version === pipeline.version;
  const definition = useDefinition(place, pipeline.id, version);
  const here = useHref(pathTo.ofPipeline(place, pipeline.id, 'definition'));
  const line = Number(search.get('line') ?? Number.NaN);
  const searchOf = (target: number): URLSearchParams =>
    new URLSearchParams({ ...(isCurrent ? {} : { version }), line: String(target) });
  const edit = pathTo.ofPipeline(place, pipeline.id, 'edit');
  return (
    <>
      <div className={styles.line}>
        <p>
          {versionName(version)}
          {isCurrent ? <span className={styles.current}>current</span> : <strong> – not the current one</strong>}
        </p>
        <div className={styles.buttons}>
          {isCurrent ? null : (
            <>
              <LinkButton size="s" to={pathTo.ofPipeline(place, pipeline.id, 'definition')}>
                Show the current one
              </LinkButton>
              <LinkButton
                size="s"
                icon={GitCompareArrows}
                to={`${pathTo.ofPipeline(place, pipeline.id, 'versions')}?from=${encodeURIComponent(version)}&to=${encodeURIComponent(pipeline.version)}`}
              >
                What has changed since
              </LinkButton>
              {can('pipelines.update').allowed ? (
                <LinkButton size="s" icon={Pencil} to={`${edit}?version=${encodeURIComponent(version)}`}>
                  Edit from here
                </LinkButton>
              ) : null}
            </>
          )}
          {definition.data === undefined ? null : <CopyButton text={definition.data}>Copy the definition</CopyButton>}
        </div>
      </div>
      {definition.error === undefined ? null : (
        <ErrorPanel title="The definition could not be read" error={definition.error} again={definition.again} />
      )}
      {definition.error !== undefined && definition.data === undefined ? null : (
        <Suspense fallback={<Skeleton height={EDITOR_HEIGHT} />}>
          {definition.data === undefined ? (
            <Skeleton height={EDITOR_HEIGHT} />
          ) : (
            <YamlEditor
              key={version}
              value={definition.data}
              label="Definition"
              target={Number.isInteger(line) ? line : undefined}
              hrefOf={target => `${here}?${searchOf(target)}`}
              onLine={target => setSearch(searchOf(target), { replace: true })}
            />
          )}
        </Suspense>
      )}
    </>
  );
}
