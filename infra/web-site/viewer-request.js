/**
 * Runs at CloudFront's edge before /, /ui and /ui/*: the same rules as `local/web-site.ts`. Files lie below /ui/assets/; every
 * other address below /ui/ is the one page, which finds out by itself what to show there.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name
function handler(event) {
  const request = event.request;
  if (request.uri === '/' || request.uri === '/ui') {
    return { statusCode: 302, statusDescription: 'Found', headers: { location: { value: '/ui/' } } };
  }
  if (!request.uri.startsWith('/ui/assets/')) request.uri = '/ui/index.html';
  return request;
}
