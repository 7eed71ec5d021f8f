import { Stack, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnStage,
  DomainName,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { routes } from '../src/api/routes.ts';
import type { Deployment } from './deployment.ts';

/** Requests per second, and how many may come at once; more are answered with 429. */
export type Rate = { readonly rateLimit: number; readonly burstLimit: number };

/** Of all callers together, on each route. */
export type Throttle = Rate & {
  /** On the routes that start runs, each. */
  readonly starts: Rate;
};

export type Domain = {
  readonly domainName: string;
  /** Of the same region. */
  readonly certificate: ICertificate;
};

export type HttpGatewayProps = {
  readonly throttle: Throttle;
  /** Undefined: the name that API Gateway makes. */
  readonly domain?: Domain;
  readonly deployment: Deployment;
};

/**
 * One line per request. The route, not the path and its query: nothing that a caller sent is in it, so no secret can be.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const ACCESS_LOG = {
  time: '$context.requestTimeEpoch',
  requestId: '$context.requestId',
  ip: '$context.identity.sourceIp',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  latency: '$context.responseLatency',
  integrationLatency: '$context.integrationLatency',
  integrationStatus: '$context.integration.integrationStatus',
  error: '$context.error.responseType',
  integrationError: '$context.integrationErrorMessage',
};

/** What one needs a permission for that starts runs. */
const STARTING: ReadonlySet<(typeof routes)[keyof typeof routes]['permission']> = new Set([
  'artefacts.push',
  'runs.restart',
  'runs.start',
]);

/** The HTTP API: every route of the route table, and `$default` so that 404 and 405 are answered in our form too. */
export class HttpGateway extends Construct {
  /** Where callers reach it, without a slash at the end. */
  readonly url: string;
  readonly api: HttpApi;
  readonly stage: HttpStage;
  readonly accessLog: LogGroup;
  /** What the record of the domain's name points to. */
  readonly domainName?: DomainName;
  readonly #starts: Rate;

  constructor(scope: Construct, id: string, { throttle, domain, deployment }: HttpGatewayProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: deployment.name,
      description: 'Pipecall',
      createDefaultStage: false,
      // One door: whoever knows the other name would go around what stands before the domain.
      disableExecuteApiEndpoint: domain !== undefined,
    });
    if (domain !== undefined) {
      const { domainName, certificate } = domain;
      this.domainName = new DomainName(this, 'Domain', { domainName, certificate });
    }
    this.url = domain === undefined ? this.api.apiEndpoint : `https://${domain.domainName}`;
    this.#starts = throttle.starts;
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'The function checks the bearer token of every route but two, by the permission that the route table names.',
    });
    this.accessLog = new LogGroup(this, 'AccessLog', {
      retention: deployment.logRetention,
      removalPolicy: deployment.removalPolicy,
    });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: { rateLimit: throttle.rateLimit, burstLimit: throttle.burstLimit },
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
      ...(this.domainName && { domainMapping: { domainName: this.domainName } }),
    });
  }

  /** Apart from the constructor, for the functions know the URL: they come after the API and before its routes. */
  routeTo(api: IFunction): void {
    // One permission for all routes: one each would outgrow the 20 KB that a function's policy may have.
    const integration = new HttpLambdaIntegration('Function', api, { scopePermissionToRoute: false });
    // First, for CDK names integration and permission after the first route, and another name is another resource.
    new HttpRoute(this, 'Default', { httpApi: this.api, routeKey: HttpRouteKey.DEFAULT, integration });
    const starting: string[] = [];
    for (const { method, path, permission } of Object.values(routes)) {
      const made = this.api.addRoutes({ path, methods: [HttpMethod[method]], integration });
      if (!STARTING.has(permission) || method === 'GET') continue;
      starting.push(`${method} ${path}`);
      // A stage is refused that has settings for a route which is not there yet.
      this.stage.node.addDependency(...made);
    }
    this.#throttleStarts(starting);
    // That permission is for `<api>/<stage>/<method>/<path>`; the default route has neither method nor path.
    api.addPermission('DefaultRoute', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api',
        resource: this.api.apiId,
        resourceName: '*/$default',
      }),
    });
  }

  /** Past CDK's own class, which has a setting for all routes only. */
  #throttleStarts(routeKeys: readonly string[]): void {
    const { rateLimit: ThrottlingRateLimit, burstLimit: ThrottlingBurstLimit } = this.#starts;
    const stage = this.stage.node.defaultChild;
    if (!(stage instanceof CfnStage)) throw new Error('the stage has no resource');
    // As CloudFormation writes it, for CDK takes the value as it is.
    stage.routeSettings = Object.fromEntries(
      routeKeys.map(key => [key, { ThrottlingRateLimit, ThrottlingBurstLimit }]),
    );
  }
}
