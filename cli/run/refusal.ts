import { type Answer, messageOf } from './client.ts';

/** Why the server did not do it, and what to do. `what`: that it was asked for, as "pipeline demo/hello/greet". */
export function refusalOf({ status, body }: Pick<Answer, 'status' | 'body'>, what: string, url: string): string {
  const said = messageOf(body);
  if (said === undefined) {
    return `${url} answers ${status}, and not as Pipecall does; give the address of the API as --url or PIPECALL_URL`;
  }
  if (status === 401) return `${said} PIPECALL_TOKEN must hold a token of ${url}`;
  if (status === 404) return `there is no ${what} at ${url}, or you may not see it; ${url}/ui/ shows what you may see`;
  return said;
}
