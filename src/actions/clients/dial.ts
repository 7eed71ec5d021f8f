import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { buildConnector } from 'undici';
import { type AddressRange, judgeAddress } from './egress.ts';
import { httpFailure } from './http-failure.ts';

/** All addresses of a name, in the order of preference. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

/**
 * Milliseconds for one address of several, before the next is tried. Node's own 250 give up a server that is far away, and
 * one that has answered while this process stood still.
 */
const ATTEMPT_TIMEOUT = 5_000;

type DialOptions = { readonly allowed: readonly AddressRange[]; readonly lookup: Lookup; readonly signal: AbortSignal };

/**
 * A connector for undici that knows the egress guard. A name is resolved once and the connection goes to an address of
 * that very answer, so a name cannot answer one thing to the judge and another to the socket. Of a mixed answer only the
 * allowed addresses are used. The peer of the socket is judged once more before a byte is written, TLS's own included.
 */
export function createDial({ allowed, lookup, signal }: DialOptions): buildConnector.connector {
  return ({ hostname, port, protocol, servername }, callback) => {
    const secure = protocol === 'https:';
    let socket: Socket | undefined;
    let settled = false;
    const settle = (error: Error | undefined) => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', aborted);
      if (error === undefined && socket !== undefined) return callback(null, socket);
      socket?.destroy();
      callback(error ?? new Error('There is no socket.'), null);
    };
    const aborted = () => settle(new Error('The exchange was ended while connecting.'));
    if (signal.aborted) return aborted();
    signal.addEventListener('abort', aborted);

    const tcp = (addresses: readonly string[]) => {
      if (settled) return;
      const raw = connectTcp({
        host: hostname,
        port: port === '' ? (secure ? 443 : 80) : Number(port),
        lookup: answerWith(addresses),
        autoSelectFamily: true,
        autoSelectFamilyAttemptTimeout: ATTEMPT_TIMEOUT,
        noDelay: true,
      });
      socket = raw;
      raw.on('error', settle);
      raw.once('connect', () => {
        const verdict = judgeAddress(raw.remoteAddress ?? '', allowed);
        if (!verdict.allowed)
          return settle(refusal(hostname, [raw.remoteAddress ?? 'an unknown address'], verdict.reason));
        if (!secure) return settle(undefined);
        const name = (servername ?? hostname).replace(/\.$/, '');
        const tls = connectTls({
          socket: raw,
          // Server names are never addresses: https://www.rfc-editor.org/rfc/rfc6066#section-3
          ...(isIP(name) === 0 ? { servername: name } : { host: name }),
          ALPNProtocols: ['http/1.1'],
          rejectUnauthorized: true,
        });
        socket = tls;
        tls.on('error', settle);
        tls.once('secureConnect', () => settle(undefined));
      });
    };
    resolve(hostname, lookup, allowed).then(tcp, settle);
  };
}

/** These names are loopback whatever a resolver says: https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
const LOCAL_NAME = /(?:^|\.)localhost\.?$/;

async function resolve(hostname: string, lookup: Lookup, allowed: readonly AddressRange[]): Promise<readonly string[]> {
  const known = isIP(hostname) !== 0 ? [hostname] : LOCAL_NAME.test(hostname) ? ['127.0.0.1', '::1'] : undefined;
  const addresses = known ?? (await lookup(hostname));
  const judged = addresses.map(address => ({ address, ...judgeAddress(address, allowed) }));
  const usable = judged.filter(verdict => verdict.allowed).map(verdict => verdict.address);
  const [first] = judged;
  if (first === undefined) throw httpFailure('CONNECTION_FAILED', `${hostname} has no address.`);
  if (usable.length === 0) throw refusal(hostname, addresses, first.reason);
  return usable;
}

function refusal(hostname: string, addresses: readonly string[], reason: string): Error {
  const where = addresses[0] === hostname ? hostname : `${hostname} (${addresses.join(', ')})`;
  return httpFailure(
    'EGRESS_REFUSED',
    `${where} may not be connected to: the address is ${reason}. A deployment can allow named ranges.`,
  );
}

/** A lookup for `node:net` that has the answer already. */
function answerWith(addresses: readonly string[]): LookupFunction {
  const entries = addresses.map(address => ({ address, family: isIP(address) }));
  return (_hostname, options, callback) => {
    const [first] = entries;
    if (options.all || first === undefined) callback(null, entries);
    else callback(null, first.address, first.family);
  };
}
