import { type ComponentType, createElement, lazy, StrictMode, Suspense, useState } from 'react';
import { createRoot } from 'react-dom/client';
import '../src/ui/tokens.css';

/**
 * A page for the tests of the parts (test/web/parts-*.test.ts), not part of the product: `show(name, props)` renders one
 * part, and again with other props. What a part reports is kept in `window.told`.
 */
declare global {
  interface Window {
    show: (name: keyof typeof PARTS, props: Readonly<Record<string, unknown>>, reports: readonly string[]) => void;
    told: Record<string, unknown[]>;
  }
}

// Props come from the tests as plain data: here is the edge where their types end.
const part = (load: () => Promise<unknown>) => lazy(async () => ({ default: (await load()) as ComponentType<object> }));

const PARTS = {
  'inert-text': part(() => import('../src/parts/inert-text/inert-text.tsx').then(module => module.InertText)),
  'run-graph': part(() => import('../src/parts/run-graph/run-graph.tsx').then(module => module.RunGraph)),
  'log-view': part(() => import('../src/parts/log-view/log-view.tsx').then(module => module.LogView)),
  'yaml-editor': part(() => import('../src/parts/yaml-editor/yaml-editor.tsx').then(module => module.YamlEditor)),
  'yaml-diff': part(() => import('../src/parts/yaml-diff/yaml-diff.tsx').then(module => module.YamlDiff)),
  'inputs-form': part(() => import('../src/parts/inputs-form/inputs-form.tsx').then(module => module.InputsForm)),
} as const;

type Shown = { readonly name: keyof typeof PARTS; readonly props: Readonly<Record<string, unknown>> };

window.told = {};

function Harness() {
  const [shown, setShown] = useState<Shown>();
  window.show = (name, props, reports) => {
    const tell = (report: string) => (value: unknown) => {
      window.told[report] = [...(window.told[report] ?? []), value];
      // A value that the host keeps comes back as a prop.
      if (report === 'onSelect')
        setShown(before => before && { ...before, props: { ...before.props, selected: value } });
    };
    setShown({ name, props: { ...props, ...Object.fromEntries(reports.map(report => [report, tell(report)])) } });
  };
  return (
    <main>
      <h1>{shown?.name ?? 'Nothing'}</h1>
      <Suspense fallback={<p>Loading</p>}>
        {shown === undefined ? null : createElement(PARTS[shown.name], shown.props)}
      </Suspense>
      <p>
        <a href="#after">After the part</a>
      </p>
    </main>
  );
}

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <Harness />
    </StrictMode>,
  );
}
