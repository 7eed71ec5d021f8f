/** An address as a number, with how many bits such an address has: the two versions are never in one range. */
type Address = { readonly bits: 32 | 128; readonly value: bigint };

/** Whether a text is an address in the range. @throws {Error} when `range` is none, which the language refuses. */
export function rangeOf(range: string): (text: string) => boolean {
  const slash = range.lastIndexOf('/');
  const network = addressOf(range.slice(0, slash));
  if (slash < 0 || network === undefined) throw new Error(`'${range}' is no range of addresses`);
  const rest = BigInt(network.bits - Number(range.slice(slash + 1)));
  return text => {
    const address = addressOf(text);
    return address?.bits === network.bits && address.value >> rest === network.value >> rest;
  };
}

const LONGEST_ADDRESS = 45;

function addressOf(text: string): Address | undefined {
  if (text.length > LONGEST_ADDRESS) return undefined;
  return text.includes(':') ? version6(text) : version4(text);
}

function version4(text: string): Address | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every(part => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return { bits: 32, value: parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n) };
}

/** https://www.rfc-editor.org/rfc/rfc4291#section-2.2 */
function version6(text: string): Address | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(wordsOf);
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const zeros = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 1 ? zeros !== 0 : zeros < 1) return undefined;
  const words = [...head, ...Array.from({ length: zeros }, () => 0n), ...(tail ?? [])];
  return { bits: 128, value: words.reduce((sum, word) => (sum << 16n) | word, 0n) };
}

/** The last of them may be written as an address of version 4. */
function wordsOf(half: string, place: number, halves: readonly string[]): readonly bigint[] | undefined {
  if (half === '') return [];
  const parts = half.split(':');
  const words: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    const dotted = place === halves.length - 1 && index === parts.length - 1 ? version4(part) : undefined;
    if (dotted !== undefined) words.push(dotted.value >> 16n, dotted.value & 0xffffn);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) words.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return words;
}
