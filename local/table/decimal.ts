/** The sum as DynamoDB's decimal numbers have it: 0.1 + 0.2 is 0.3. Whole numbers, the usual case, are simply added. */
export function addDecimals(a: number, b: number): number {
  const sum = a + b;
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) return sum;
  const [x, y] = [parts(a), parts(b)];
  const exponent = Math.min(x.exponent, y.exponent);
  // Far apart, the smaller one is beyond the digits a number has; and the digits below would be as many as the gap.
  if (Math.abs(x.exponent - y.exponent) > 40) return sum;
  const digits = shift(x, exponent) + shift(y, exponent);
  return Number(`${digits}e${exponent}`);
}

type Decimal = { readonly digits: bigint; readonly exponent: number };

/** The number is digits · 10^exponent. */
function parts(value: number): Decimal {
  const [mantissa = '0', power = '0'] = value.toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

function shift({ digits, exponent }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(exponent - to);
}
