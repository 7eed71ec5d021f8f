import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { PipecallStack, type PipecallStackProps } from '../../infra/pipecall-stack.ts';

export type Properties = Readonly<Record<string, unknown>>;

export type Template = {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: Properties; readonly DeletionPolicy?: string }>
  >;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
};

const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as {
  readonly context: Properties;
};

/** The stack as `cdk synth` makes it, without the bundles: they take most of the time. */
export function synthesize(props: PipecallStackProps = {}): { readonly app: App; readonly template: Template } {
  const folder = temporaryFolder();
  const app = new App({ outdir: folder, context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  const template = templateOf(app, props);
  rmSync(folder, { recursive: true });
  return { app, template };
}

/** With the bundles of functions, which lie in `folder`: the caller removes it. Without the web UI, whose build takes its time. */
export function synthesizeBundles(): { readonly folder: string; readonly template: Template } {
  const folder = temporaryFolder();
  return { folder, template: templateOf(new App({ outdir: folder, context: { ...context } }), { webSite: false }) };
}

function templateOf(app: App, props: PipecallStackProps): Template {
  const stack = new PipecallStack(app, 'Pipecall', props);
  return app.synth().getStackArtifact(stack.artifactId).template as Template; // as: CDK types it as any
}

const temporaryFolder = () => mkdtempSync(join(tmpdir(), 'pipecall-synth-'));

/** Resources of one type by their names; properties are made readable. */
export function resourcesOf(template: Template, type: string): Readonly<Record<string, Properties>> {
  return Object.fromEntries(
    Object.entries(template.Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, { Properties }]) => [withoutHash(id), readable(Properties) as Properties]),
  );
}

/** Ours: without that of CDK, which puts the web UI into its bucket. */
export const functionsOf = (template: Template): Readonly<Record<string, Properties>> =>
  Object.fromEntries(
    Object.entries(resourcesOf(template, 'AWS::Lambda::Function')).filter(
      ([name]) => !name.startsWith('CustomCDKBucketDeployment'),
    ),
  );

/** Intrinsic functions as text: `{"Fn::GetAtt": ["ApiLogs1A2B3C4D", "Arn"]}` becomes `<ApiLogs.Arn>`. */
export function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, content] = ['', undefined], ...more] = Object.entries(value);
  if (more.length === 0 && name === 'Ref') return `<${withoutHash(String(content))}>`;
  if (more.length === 0 && name === 'Fn::Sub' && typeof content === 'string') {
    return content.replace(/\$\{([^}]+)\}/g, (_, id) => `<${withoutHash(id)}>`);
  }
  if (more.length === 0 && Array.isArray(content)) {
    const [first, second] = content;
    if (name === 'Fn::GetAtt') return `<${withoutHash(String(first))}.${second}>`;
    if (name === 'Fn::Join' && Array.isArray(second)) return second.map(readable).join(String(first));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readable(item)]));
}

/** The hash at the end of a logical id says nothing to a reader. */
const withoutHash = (logicalId: string) => logicalId.replace(/[0-9A-F]{8}(?:[0-9a-f]{32})?$/, '');
