import { Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { type ISubnet, SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { PipecallProps } from './pipecall-props.ts';

/** What is there already, by its ids, for those who have no CDK app of their own. */
export type Imports = {
  /** Goes together with `certificateArn`. */
  readonly domainName?: string;
  readonly certificateArn?: string;
  readonly alarmsTopicArn?: string;
  /** Goes together with `egressSubnets`. */
  readonly egressVpc?: string;
  readonly egressSubnets?: readonly string[];
  /** Default: one of its own, which lets everything out. */
  readonly egressSecurityGroups?: readonly string[];
};

/** What does not go together; empty: nothing. */
export function loneImports(imports: Imports): readonly string[] {
  const { domainName, certificateArn, egressVpc, egressSubnets, egressSecurityGroups } = imports;
  return [
    ...((domainName === undefined) === (certificateArn === undefined)
      ? []
      : ['domainName and certificateArn go together: a domain is nothing without its certificate']),
    ...((egressVpc === undefined) === (egressSubnets === undefined)
      ? []
      : ['egressVpc and egressSubnets go together: the subnets of that network']),
    ...(egressSecurityGroups === undefined || egressVpc !== undefined
      ? []
      : ['egressSecurityGroups is nothing without egressVpc and egressSubnets']),
  ];
}

export function constructsOf(
  scope: Construct,
  imports: Imports,
): Pick<PipecallProps, 'alarmsTopic' | 'domain' | 'privateEgress'> {
  const { domainName, certificateArn, alarmsTopicArn, egressVpc: vpcId, egressSubnets, egressSecurityGroups } = imports;
  return {
    ...(alarmsTopicArn !== undefined && { alarmsTopic: Topic.fromTopicArn(scope, 'AlarmsTopic', alarmsTopicArn) }),
    ...(domainName !== undefined &&
      certificateArn !== undefined && {
        domain: { domainName, certificate: Certificate.fromCertificateArn(scope, 'Certificate', certificateArn) },
      }),
    ...(vpcId !== undefined &&
      egressSubnets !== undefined && {
        privateEgress: {
          // Lambda asks for subnets only; in which zones they are nobody looks up.
          vpc: Vpc.fromVpcAttributes(scope, 'EgressVpc', { vpcId, availabilityZones: ['unknown'] }),
          subnets: { subnets: egressSubnets.map(id => subnetOf(scope, id)) },
          ...(egressSecurityGroups && {
            securityGroups: egressSecurityGroups.map(id =>
              SecurityGroup.fromSecurityGroupId(scope, `Egress-${id}`, id),
            ),
          }),
        },
      }),
  };
}

function subnetOf(scope: Construct, id: string): ISubnet {
  const subnet = Subnet.fromSubnetId(scope, `Egress-${id}`, id);
  const reason = 'Its routes are made by whoever made the subnet; nobody here asks for them.';
  Validations.of(subnet).acknowledge({ id: 'Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId', reason });
  return subnet;
}
