import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundle } from './bundle.ts';

const ROOT = new URL('../', import.meta.url);

/**
 * Not `NodejsFunction`: that calls npx and a shell for every function, one output file at a time. esbuild in this process
 * is faster, splits off what is loaded later, makes the files of threads too, and works where there is no bash.
 */
export function codeOf(folder: string, workers: readonly string[] = []): Code {
  const source = new URL(`functions/${folder}/`, ROOT);
  return Code.fromAsset(fileURLToPath(source), {
    // Of what was made: a change in `src` is a change of the function, another path of the repository is not.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never used, for what is bundled locally; CDK wants one named all the same.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(outDir) {
          bundle(
            new URL('handler.ts', source),
            workers.map(file => new URL(file, ROOT)),
            outDir,
          );
          return true;
        },
      },
    },
  });
}
