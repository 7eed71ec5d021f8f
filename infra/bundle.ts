import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';

/**
 * The AWS SDK is bundled like everything else: a cold start reads the parts that are used, of the version that was tested,
 * and not hundreds of files of the version that the runtime has today.
 */
const common = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/**
 * Packages that are CommonJS (yaml, undici) call `require` for modules of Node. An ES module has none, and esbuild's
 * stand-in throws "Dynamic require of … is not supported". https://github.com/evanw/esbuild/issues/1921
 */
const REQUIRE =
  "import{createRequire as pipecallRequire}from'node:module';const require=pipecallRequire(import.meta.url);";

/**
 * Bundles a function into `outDir`: `index.mjs` and a chunk for each part that is imported only when it is needed, so that
 * a cold start reads what its first request uses. Each of `workers`, the files of threads, becomes `<name>.cjs` beside it.
 */
export function bundle(entry: URL, workers: readonly URL[], outDir: string): void {
  const { metafile } = buildSync({
    ...common,
    entryPoints: { index: fileURLToPath(entry) },
    outdir: outDir,
    format: 'esm',
    splitting: true,
    outExtension: { '.js': '.mjs' },
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    metafile: true,
  });
  joinStart(outDir, metafile.outputs);
  for (const worker of workers) {
    const file = fileURLToPath(worker);
    const outfile = join(outDir, `${basename(file, '.ts')}.cjs`);
    buildSync({ ...common, entryPoints: [file], outfile, format: 'cjs' });
  }
}

/** What `index.mjs` loads at once. */
const START = 'start.mjs';

/**
 * esbuild makes a file of every set of modules that the same chunks share, two dozen for the API, and each costs a cold start
 * 0.2 ms. Here all that `index.mjs` loads at once becomes one file, and whatever is loaded later takes it from there.
 */
function joinStart(outDir: string, outputs: Metafile['outputs']): void {
  const files = new Map(Object.entries(outputs).map(([path, output]) => [basename(path), output]));
  const start = new Set<string>();
  const visit = (name: string): void => {
    if (start.has(name)) return;
    start.add(name);
    for (const { path, kind } of files.get(name)?.imports ?? []) if (kind === 'import-statement') visit(basename(path));
  };
  visit('index.mjs');
  for (const name of start) if (!files.has(name)) start.delete(name);
  const later = [...files.keys()].filter(name => !start.has(name));
  // Chunks call their exports `a`, `b`, `c`; together they need names of their own. The index comes first: it says in which order all is evaluated.
  const parts = Array.from(start, name => {
    const exported = (files.get(name)?.exports ?? []).map(from => `${from} as ${nameIn(name, from)}`);
    return `export{${exported.join(',')}}from"./${name}";`;
  });
  buildSync({
    ...common,
    stdin: { contents: parts.join('\n'), resolveDir: outDir, loader: 'js' },
    outfile: join(outDir, START),
    format: 'esm',
    external: later.map(name => `./${name}`),
  });
  for (const name of start) rmSync(join(outDir, name));
  writeFileSync(join(outDir, 'index.mjs'), `export{${nameIn('index.mjs', 'handler')} as handler}from"./${START}";\n`);
  for (const name of later) {
    const file = join(outDir, name);
    const text = readFileSync(file, 'utf8').replace(IMPORT, (whole: string, names: string | undefined, from: string) =>
      start.has(from)
        ? `import{${(names ?? '').replace(NAME, (_, one, as) => `${nameIn(from, one)} as ${as ?? one}`)}}from"./${START}"`
        : whole,
    );
    const lost = [...start].find(gone => text.includes(`"./${gone}"`));
    if (lost !== undefined) throw new Error(`${name} takes something from ${lost} in a way that is not known here`);
    writeFileSync(file, text);
  }
}

/** As esbuild writes them when it minifies: `import{a as x,b}from"./chunk-HASH.mjs"`, or without names. */
const IMPORT = /import(?:\{([^}]*)\}from)?"\.\/([\w-]+\.mjs)"/g;
const NAME = /([\w$]+)(?: as ([\w$]+))?/g;

const nameIn = (file: string, name: string): string => `${file.replace(/\W/g, '_')}_${name}`;
