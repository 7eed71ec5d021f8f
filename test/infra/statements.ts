import type { Grant } from '../fixtures/infra/permissions.ts';
import { resourcesOf, type Template } from './synthesize.ts';

export type Statement = {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
};

/** All statements of a role, of whichever policies it has. */
export function statementsOf(template: Template, role: string): readonly Statement[] {
  // as: what CloudFormation knows of a policy
  const policies = Object.values(resourcesOf(template, 'AWS::IAM::Policy')) as unknown as readonly {
    readonly Roles: readonly string[];
    readonly PolicyDocument: { readonly Statement: readonly Statement[] };
  }[];
  return policies
    .filter(({ Roles }) => Roles.includes(`<${role}>`))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** What it may do, in the form of the table. */
export function grantsOf(template: Template, role: string): readonly Grant[] {
  return statementsOf(template, role)
    .filter(({ Effect }) => Effect === 'Allow')
    .map(({ Action, Resource, Condition }) => {
      const [actions, resources] = [[Action].flat().join(' '), [Resource].flat().join(' ')];
      return Condition === undefined ? [actions, resources] : [actions, resources, Condition];
    });
}
