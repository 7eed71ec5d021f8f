import { BlockList, isIP } from 'node:net';

export type EgressVerdict = { readonly allowed: boolean; readonly reason: string };

/** A range of addresses, ready to be asked. `single`: it is exactly one address. */
export type AddressRange = {
  readonly cidr: string;
  readonly version: 4 | 6;
  readonly list: BlockList;
  readonly single: boolean;
};

/**
 * Addresses of metadata and credential endpoints. A wider range that a deployment opens does not open these: only an
 * entry that names exactly the address does.
 */
const METADATA = ranges([
  // EC2, Azure, GCP and others; ECS; EKS Pod Identity; Azure's wire server; Alibaba.
  '169.254.169.254 169.254.170.2 169.254.170.23 168.63.129.16 100.100.100.200',
  'fd00:ec2::254 fd00:ec2::23 fd20:ce::254',
]);

/**
 * What nobody means by "an address on the internet", from the registries of special-purpose addresses:
 * https://www.iana.org/assignments/iana-ipv4-special-registry and https://www.iana.org/assignments/iana-ipv6-special-registry.
 * Lambda's runtime API is in loopback or link-local, an address inside NAT64, 6to4 or Teredo may name a private one.
 */
const REFUSED: readonly (readonly [reason: string, ranges: readonly AddressRange[]])[] = [
  ['unspecified', ranges(['0.0.0.0/8 ::/128'])],
  ['loopback', ranges(['127.0.0.0/8 ::1/128'])],
  ['private', ranges(['10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7 fec0::/10'])],
  ['link-local', ranges(['169.254.0.0/16 fe80::/10'])],
  ['shared (carrier-grade NAT)', ranges(['100.64.0.0/10'])],
  ['for documentation', ranges(['192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20'])],
  ['for benchmarks', ranges(['198.18.0.0/15 2001:2::/48'])],
  ['multicast', ranges(['224.0.0.0/4 ff00::/8'])],
  ['broadcast', ranges(['255.255.255.255/32'])],
  ['an IPv4 address inside an IPv6 one', ranges(['::/96 ::ffff:0:0:0/96'])],
  ['NAT64', ranges(['64:ff9b::/96 64:ff9b:1::/48'])],
  ['6to4', ranges(['2002::/16 192.88.99.0/24'])],
  ['Teredo', ranges(['2001::/32'])],
  ['reserved', ranges(['192.0.0.0/24 240.0.0.0/4 100::/64 2001::/23 5f00::/16'])],
];

/** The only IPv6 addresses that are routed on the internet: https://www.iana.org/assignments/ipv6-address-space */
const GLOBAL_IPV6 = parseRange('2000::/3');

/**
 * May a pipeline connect to this address? Anything but a well-formed address is refused. An IPv4-mapped IPv6 address is
 * judged as the IPv4 address that it reaches.
 */
export function judgeAddress(address: string, allowed: readonly AddressRange[]): EgressVerdict {
  const ip = canonical(address);
  if (ip === undefined) return { allowed: false, reason: 'not an IP address' };
  const opened = allowed.filter(range => within(ip, range));
  if (METADATA.some(range => within(ip, range)) && !opened.some(range => range.single)) {
    return { allowed: false, reason: 'a metadata endpoint' };
  }
  const [open] = opened;
  if (open !== undefined) return { allowed: true, reason: `allowed by ${open.cidr}` };
  for (const [reason, ranges] of REFUSED) {
    if (ranges.some(range => within(ip, range))) return { allowed: false, reason };
  }
  if (isIP(ip) === 6 && !within(ip, GLOBAL_IPV6)) return { allowed: false, reason: 'reserved' };
  return { allowed: true, reason: 'public' };
}

/** Reads `10.0.0.0/8`, `fd00::/8` or a single address; throws on anything else, for it is a deployment's setting. */
export function parseRange(cidr: string): AddressRange {
  const [address = '', bits, ...rest] = cidr.split('/');
  const version = isIP(address) === 4 ? 4 : 6;
  const width = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (isIP(address) === 0 || rest.length > 0 || !(prefix <= width) || address.includes('%')) {
    throw new Error(`${JSON.stringify(cidr)} is not an address range; write one like 10.0.0.0/8 or fd00::/8.`);
  }
  const list = new BlockList();
  list.addSubnet(address, prefix, `ipv${version}`);
  return { cidr, version, list, single: prefix === width };
}

function ranges(lines: readonly string[]): readonly AddressRange[] {
  return lines.flatMap(line => line.split(' ').map(parseRange));
}

function within(ip: string, range: AddressRange): boolean {
  // A `BlockList` takes IPv4 addresses for mapped ones: `::/0` would open them too.
  return isIP(ip) === range.version && range.list.check(ip, `ipv${range.version}`);
}

/** Without zone, compressed, and IPv4 when it is mapped IPv4. */
function canonical(address: string): string | undefined {
  const bare = address.replace(/%.*$/, '');
  const version = isIP(bare);
  if (version === 0) return undefined;
  if (version === 4) return bare;
  const text = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(text);
  if (mapped === null) return text;
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
