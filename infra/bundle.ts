import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';

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
  buildSync({
    ...common,
    entryPoints: { index: fileURLToPath(entry) },
    outdir: outDir,
    format: 'esm',
    splitting: true,
    outExtension: { '.js': '.mjs' },
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
  });
  for (const worker of workers) {
    const file = fileURLToPath(worker);
    const outfile = join(outDir, `${basename(file, '.ts')}.cjs`);
    buildSync({ ...common, entryPoints: [file], outfile, format: 'cjs' });
  }
}
