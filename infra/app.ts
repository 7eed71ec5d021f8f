import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { PipecallStack } from './pipecall-stack.ts';
import { readSettings } from './settings.ts';

const app = new App();
const { stackName, ...props } = settingsOf(app);
new PipecallStack(app, stackName, props);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));

function settingsOf({ node }: App): ReturnType<typeof readSettings> {
  try {
    return readSettings(node.getAllContext());
  } catch (error) {
    // Whoever deploys is told what to correct, not where in our code it was found.
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return process.exit(1);
  }
}
