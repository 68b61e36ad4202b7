/**
 * The few forms of DER (X.690) that a certificate is made of. Written by hand, so that a test can also write what no honest tool writes.
 */
export const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(body.length)]), body]);
};

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

export const TRUE = der(0x01, Buffer.from([0xff]));
export const NULL = der(0x05);

export const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
export const octets = (...parts: readonly Uint8Array[]) => der(0x04, ...parts);
export const utf8 = (text: string) => der(0x0c, Buffer.from(text));
export const integer = (...bytes: readonly number[]) => der(0x02, Buffer.from(bytes));
export const bits = (bytes: Uint8Array, unused = 0) => der(0x03, Buffer.from([unused]), bytes);
/** Context-specific, constructed: how optional members are told apart. */
export const tagged = (number: number, ...parts: readonly Uint8Array[]) => der(0xa0 | number, ...parts);
/** Context-specific, primitive: how general names are told apart (RFC 5280 §4.2.1.6). */
export const implicit = (number: number, bytes: Uint8Array) => der(0x80 | number, bytes);

/** An object identifier in its usual writing, such as `2.5.29.19`. An arc may be as long as a UUID. */
export function oid(dotted: string): Buffer {
  const [first = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  return der(0x06, Buffer.from([first * 40n + second, ...rest].flatMap(base128)));
}

function base128(arc: bigint): number[] {
  const groups = [Number(arc % 128n)];
  for (let rest = arc / 128n; rest > 0n; rest /= 128n) groups.unshift(0x80 | Number(rest % 128n));
  return groups;
}

/** A time, as RFC 5280 §4.1.2.5 wants it: two digits of the year until 2049, four from 2050 on. */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/\D/g, '').slice(0, 14);
  return date.getUTCFullYear() < 2050
    ? der(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : der(0x18, Buffer.from(`${digits}Z`));
}
