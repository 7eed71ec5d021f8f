import type { Json } from '../action.ts';
import { isMap, type Provider } from './provider.ts';

export function gitlabProvider(base: string, token: string | undefined): Provider {
  return {
    name: 'GitLab',
    base,
    // Personal, project and group tokens are taken this way as well as those of OAuth.
    headers: { accept: 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    limited: ({ status }) => status === 429,
    explain: body => explained(isMap(body) ? (body.message ?? body.error_description ?? body.error) : undefined),
    codeOf,
  };
}

/** `"404 Not Found"`, `{"base": ["Reference not found"]}`, or a list of texts. */
function explained(message: Json | undefined): string {
  if (typeof message === 'string') return message;
  if (Array.isArray(message)) return message.map(explained).join(', ');
  if (!isMap(message)) return '';
  return Object.entries(message)
    .map(([field, problem]) => (field === 'base' ? explained(problem) : `${field} ${explained(problem)}`))
    .join('; ');
}

function codeOf(status: number, message: string): string {
  switch (status) {
    case 400:
      return /reference not found/i.test(message) ? 'INVALID_REF' : 'PIPELINE_REFUSED';
    case 401:
      return 'AUTHENTICATION_FAILED';
    case 403:
      return 'PERMISSION_DENIED';
    case 404:
      return 'NOT_FOUND';
    case 422:
      return 'PIPELINE_REFUSED';
    default:
      return 'PROVIDER_ERROR';
  }
}
