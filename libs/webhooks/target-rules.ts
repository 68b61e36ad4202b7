import { BlockList, isIP, isIPv4 } from 'node:net';
import { TraoError } from '../errors';

/** Which addresses a webhook may go to. */
export interface TargetRules {
  /** @throws TraoError `target_not_allowed` for an address that nothing may be sent to over this protocol */
  readonly assertAllowed: (address: string, protocol: string) => void;
}

/**
 * Addresses that are not of the internet (RFC 6890 and its successors): this machine, private networks, link-local with the metadata
 * service of clouds, shared address space, documentation, multicast, reserved.
 */
const NOT_PUBLIC_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** Of IPv6 only this is handed out; everything else is refused, whatever it is. */
const PUBLIC_6 = ['2000::/3'];
/** Inside it: Teredo and 6to4, which carry an IPv4 address that nobody has looked at, ORCHID, documentation. */
const NOT_PUBLIC_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

/**
 * The rules with the ranges that this node allows besides, as `10.1.0.0/16, fd00:1::/32`. Only there plain HTTP is spoken.
 * @throws TraoError `config_invalid`
 */
export function readRanges(text: string): TargetRules {
  const ranges = text
    .split(',')
    .map((range) => range.trim())
    .filter((range) => range !== '');
  const allowed = listOf(ranges);
  const [closed, open6] = [listOf([...NOT_PUBLIC_4, ...NOT_PUBLIC_6]), listOf(PUBLIC_6)];
  return {
    assertAllowed(address, protocol) {
      const plain = unmapped(address);
      if (has(allowed, plain)) return;
      const isPublic = !has(closed, plain) && (isIPv4(plain) || has(open6, plain));
      if (protocol !== 'https:' || !isPublic) throw new TraoError('target_not_allowed');
    },
  };
}

/**
 * Looks at a target before it is kept or spoken to: its form, and its address where it names one. A name is looked at again when it is
 * resolved: what it means can change at any time.
 * @throws TraoError `target_not_allowed`; `bad_request` for what is no address of a web server
 */
export function checkTarget(target: string, rules: TargetRules): URL {
  if (!URL.canParse(target)) throw new TraoError('bad_request', { detail: 'The target is no web address.' });
  const url = new URL(target);
  if (!['https:', 'http:'].includes(url.protocol) || url.username !== '' || url.password !== '')
    throw new TraoError('bad_request', { detail: 'The target is no web address without user and password.' });
  const host = hostOf(url);
  // The parser has read decimal, octal and hexadecimal forms of IPv4 by now.
  if (isIP(host)) rules.assertAllowed(host, url.protocol);
  return url;
}

/** The host of an address as `net` wants it. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

/** An IPv4 address that comes as IPv6 is judged as what it is; a zone says which card, not which network. */
function unmapped(address: string): string {
  const bare = address.split('%')[0]!;
  if (isIPv4(bare)) return bare;
  const canonical = hostOf(new URL(`http://[${bare}]`));
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (!mapped) return canonical;
  const [high, low] = [Number.parseInt(mapped[1]!, 16), Number.parseInt(mapped[2]!, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

const has = (list: BlockList, address: string) => list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits = '', ...rest] = range.split('/');
    const version = isIP(address);
    const most = version === 4 ? 32 : 128;
    if (version === 0 || rest.length > 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > most || Number(bits) < 1)
      throw new TraoError('config_invalid', {
        detail: `TRAO_ALERT_PRIVATE_TARGETS: ${range} is no range of addresses`,
      });
    list.addSubnet(address, Number(bits), version === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}
