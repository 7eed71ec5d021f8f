import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { routes } from '../src/api/routes.ts';

export type HttpGatewayProps = {
  /** Requests per second of all callers together, and how many may come at once; more are answered with 429. */
  readonly throttle: { readonly rateLimit: number; readonly burstLimit: number };
  readonly logRetention: RetentionDays;
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

/** The HTTP API: every route of the route table, and `$default` so that 404 and 405 are answered in our form too. */
export class HttpGateway extends Construct {
  /** Where callers reach it, without a slash at the end. */
  readonly url: string;
  readonly #api: HttpApi;

  constructor(scope: Construct, id: string, { throttle, logRetention }: HttpGatewayProps) {
    super(scope, id);
    this.#api = new HttpApi(this, 'Api', {
      apiName: Stack.of(this).stackName,
      description: 'Pipecall',
      createDefaultStage: false,
    });
    this.url = this.#api.apiEndpoint;
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'The function checks the bearer token of every route but two, by the permission that the route table names.',
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.#api,
      autoDeploy: true,
      throttle,
      accessLogSettings: {
        destination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLog', { retention: logRetention, removalPolicy: RemovalPolicy.DESTROY }),
        ),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
  }

  /** Apart from the constructor, for the functions know the URL: they come after the API and before its routes. */
  routeTo(api: LambdaFunction): void {
    // One permission for all routes: one each would outgrow the 20 KB that a function's policy may have.
    const integration = new HttpLambdaIntegration('Function', api, { scopePermissionToRoute: false });
    // First, for CDK names integration and permission after the first route, and another name is another resource.
    new HttpRoute(this, 'Default', { httpApi: this.#api, routeKey: HttpRouteKey.DEFAULT, integration });
    for (const { method, path } of Object.values(routes)) {
      this.#api.addRoutes({ path, methods: [HttpMethod[method]], integration });
    }
    // That permission is for `<api>/<stage>/<method>/<path>`; the default route has neither method nor path.
    api.addPermission('DefaultRoute', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api',
        resource: this.#api.apiId,
        resourceName: '*/$default',
      }),
    });
  }
}
