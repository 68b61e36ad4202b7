import { digestOf } from '../envelope';

interface Element {
  readonly tag: number;
  readonly bytes: Buffer;
}

const EXTENSIONS = 0xa3;
const BOOLEAN = 0x01;
/** Subject and authority key identifiers, whose values are other ones for each key. */
const OF_KEYS = ['551d0e', '551d23'];

/**
 * What the extensions of a certificate are, whatever its keys: object identifier, critical or not, and the value. Two chains that
 * a test suite generates at two times from one description have the same shapes.
 * @param pem one certificate
 */
export function shapeOf(pem: string): string {
  try {
    const der = Buffer.from(pem.replaceAll(/-----[A-Z0-9 ]+-----/g, ''), 'base64');
    const [certificate] = elementsOf(der);
    const [signed] = elementsOf(certificate!.bytes);
    const extensions = elementsOf(signed!.bytes).find(({ tag }) => tag === EXTENSIONS);
    const [list] = extensions ? elementsOf(extensions.bytes) : [];
    return (list ? elementsOf(list.bytes) : []).map(shapeOfExtension).join(' ');
  } catch {
    return 'unreadable';
  }
}

function shapeOfExtension({ bytes }: Element): string {
  const parts = elementsOf(bytes);
  const name = parts[0]!.bytes.toString('hex');
  const critical = parts.some(({ tag }) => tag === BOOLEAN) ? '!' : '';
  const value = parts.at(-1)!.bytes;
  return `${name}${critical}:${OF_KEYS.includes(name) ? value.length : digestOf(value)}`;
}

/** The elements that stand one after the other (X.690 §8.1, definite lengths only). */
function elementsOf(bytes: Buffer): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const short = bytes.readUInt8(at + 1);
    const more = short < 0x80 ? 0 : short & 0x7f;
    const length = more === 0 ? short : bytes.readUIntBE(at + 2, more);
    const start = at + 2 + more;
    if (start + length > bytes.length) throw new RangeError('cut off');
    elements.push({ tag: bytes.readUInt8(at), bytes: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return elements;
}
