import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { PipecallStack } from './pipecall-stack.ts';
import { readSettings } from './settings.ts';

const app = new App();
const { stackName, ...props } = readSettings(name => app.node.tryGetContext(name));
new PipecallStack(app, stackName, props);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
