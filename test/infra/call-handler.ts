import { pathToFileURL } from 'node:url';

// What Lambda does, in a process of its own: imports the bundle and calls its handler, one event after the other. Each
// message is an event, the answer to it is what the handler answered.
const [bundle = '', milliseconds = ''] = process.argv.slice(2);
const { handler } = (await import(pathToFileURL(bundle).href)) as {
  readonly handler: (event: unknown, context: object) => Promise<unknown>;
};

process.on('message', async ({ event }: { readonly event: unknown }) => {
  const until = Date.now() + Number(milliseconds);
  const context = { awsRequestId: 'test', functionName: 'test', getRemainingTimeInMillis: () => until - Date.now() };
  // Without `catch`: what the handler throws ends the process, with the error on its standard error.
  process.send?.({ answer: await handler(event, context) });
});
process.send?.({ ready: process.versions.node });
