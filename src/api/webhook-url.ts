import { BlockList, isIP } from 'node:net';
import { LONGEST_URL } from './schemas/webhooks.ts';

/**
 * What is signed is not hidden: over http it goes only where it stays on the machine or in a network of one's own. A
 * deployment reaches neither unless it was told to (the egress guard judges when it connects, whatever was saved here).
 */
const NEAR = new BlockList();
for (const [address, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  NEAR.addSubnet(address, bits);
}
NEAR.addAddress('::1', 'ipv6');
NEAR.addSubnet('fc00::', 7, 'ipv6');

/** The URL as it is kept. An object instead says what is wrong with it; nothing of the URL, for it may hold a secret. */
export function readWebhookUrl(given: unknown): string | { readonly wrong: string } {
  if (typeof given !== 'string' || given.length > LONGEST_URL || !URL.canParse(given)) {
    return { wrong: `'url' is no URL like https://example.com/hook of at most ${LONGEST_URL} characters` };
  }
  const url = new URL(given);
  if (url.username !== '' || url.password !== '') return { wrong: "'url' holds a user name or a password" };
  if (url.hash !== '') return { wrong: "'url' holds a fragment, which is never sent" };
  if (url.protocol === 'https:') return url.href;
  if (url.protocol === 'http:' && isNear(url.hostname)) return url.href;
  return { wrong: "'url' has to start with https:; http: is for loopback and private addresses only" };
}

function isNear(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const version = isIP(host);
  return host === 'localhost' || (version !== 0 && NEAR.check(host, version === 4 ? 'ipv4' : 'ipv6'));
}
