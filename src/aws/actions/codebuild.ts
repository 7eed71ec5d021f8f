import { attempt } from './attempt.ts';
import { type ActionConnection, type Caller, type Reply, refused } from './connection.ts';
import { stepToken } from './step-token.ts';
import { named } from './targets.ts';

export type BuildAsked = {
  readonly project: string;
  readonly sourceVersion?: string;
  readonly environment: Readonly<Record<string, string>>;
};

export type BuildSeen = { readonly status: string; readonly failedPhases: readonly string[] };

/** Of `arn:…:build/project:uuid`. */
const idOf = (arn: string): string => arn.slice(arn.indexOf('/') + 1);

export function createCodeBuildCalls({ home, refusalOf, config }: ActionConnection) {
  const open = async (caller: Caller, arn: string) => {
    const sdk = await import('@aws-sdk/client-codebuild');
    const client = new sdk.CodeBuildClient(config(caller, arn));
    return { sdk, client, abort: { abortSignal: caller.signal } };
  };
  return {
    async startBuild(caller: Caller, asked: BuildAsked): Promise<Reply<{ readonly arn: string }>> {
      const project = named(home, 'codebuild', 'project', asked.project);
      const refusal = refusalOf(project);
      if (refusal !== undefined) return refusal;
      const { sdk, client, abort } = await open(caller, project);
      return attempt('CodeBuild', async () => {
        const { build } = await client.send(
          new sdk.StartBuildCommand({
            projectName: asked.project,
            idempotencyToken: stepToken(caller.stepId),
            environmentVariablesOverride: Object.entries(asked.environment).map(([name, value]) => ({
              name,
              value,
              type: 'PLAINTEXT' as const,
            })),
            ...(asked.sourceVersion === undefined ? {} : { sourceVersion: asked.sourceVersion }),
          }),
          abort,
        );
        const arn = build?.arn;
        return arn === undefined
          ? refused('AWS_ERROR', 'CodeBuild answered without a build.', true)
          : { ok: true, value: { arn } };
      });
    },
    async describeBuild(caller: Caller, arn: string): Promise<Reply<BuildSeen>> {
      const { sdk, client, abort } = await open(caller, arn);
      return attempt('CodeBuild', async () => {
        const { builds = [] } = await client.send(new sdk.BatchGetBuildsCommand({ ids: [idOf(arn)] }), abort);
        const [build] = builds;
        if (build === undefined) return refused('NOT_FOUND', `CodeBuild knows no build ${idOf(arn)} any more.`);
        const failedPhases = (build.phases ?? [])
          .filter(({ phaseStatus }) => phaseStatus !== undefined && !['SUCCEEDED', 'STOPPED'].includes(phaseStatus))
          .map(({ phaseType, contexts = [] }) =>
            [phaseType, ...contexts.map(context => context.message)].filter(Boolean).join(': '),
          );
        return { ok: true, value: { status: build.buildStatus ?? '', failedPhases } };
      });
    },
    async stopBuild(caller: Caller, arn: string): Promise<Reply<undefined>> {
      const { sdk, client, abort } = await open(caller, arn);
      return attempt('CodeBuild', async () => {
        await client.send(new sdk.StopBuildCommand({ id: idOf(arn) }), abort);
        return { ok: true, value: undefined };
      });
    },
  };
}
