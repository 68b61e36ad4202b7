import type { Finding } from './finding';

/** Longest local part of an e-mail address (RFC 5321), and how far back from an @ is looked. */
const MAX_LOCAL = 64;
const LOCAL = /[\p{L}\p{N}._%+-]/u;
/** Everything up to the next character that no host name has. ASCII on purpose: Vietnamese prose is not a host name. */
const HOST = /[A-Za-z0-9][A-Za-z0-9.-]*/g;
const HOST_HERE = /[A-Za-z0-9._-]+/y;
const SCHEME = /https?:\/\/$/i;
const LONGEST_SCHEME = 'https://'.length;
const REST_OF_ADDRESS = /[^\s<>"]+/y;
const CLOSING = new Set(".,;:!?)]}»”'’");

/** Top-level domains that make an address of any dotted word. */
const CLEAR_ENDINGS = new Set('com net org info biz edu gov vn uk eu xyz online site app shop top club'.split(' '));
/** Those that are words as well, or are joined by a forgotten space ("đi.la"): only with a path behind. */
const ENDINGS_WITH_PATH = new Set('me co io ly be gg tv cc link la cn kh th tw hk jp kr au de fr ru pl'.split(' '));

/** Services whose name stands before that of an account. */
const PLATFORM =
  /(?<![\p{L}\p{N}])(?:zalo|facebook|fb|messenger|telegram|viber|whatsapp|wechat|weixin|tiktok|instagram|insta|skype|snapchat|imo)[ \u00a0:=-]{1,3}/giu;
const MIN_ACCOUNT = 4;

/** E-mail addresses, web addresses and names of accounts. May overlap. */
export function addressesIn(text: string): Finding[] {
  return [...atSigns(text), ...webAddresses(text), ...accounts(text)];
}

/** `name@host` is an e-mail address, `@name` an account. */
function atSigns(text: string): Finding[] {
  const findings: Finding[] = [];
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const host = withoutClosing(matchAt(HOST_HERE, text, at + 1));
    let start = at;
    while (start > 0 && at - start < MAX_LOCAL && LOCAL.test(text[start - 1]!)) start -= 1;
    const end = at + 1 + host.length;
    if (start < at && isHost(host)) findings.push({ start, end, kind: 'email' });
    else if (start === at && host.length > 1 && /[a-z]/i.test(host)) findings.push({ start, end, kind: 'web_address' });
  }
  return findings;
}

/** Two labels or more, the last one of letters. */
function isHost(host: string): boolean {
  const labels = host.split('.');
  return labels.length > 1 && labels.every((label) => label !== '') && /^[a-z]{2,}$/i.test(labels.at(-1)!);
}

function webAddresses(text: string): Finding[] {
  const findings: Finding[] = [];
  let done = 0;
  for (const { index, 0: run } of text.matchAll(HOST)) {
    const ended = withoutClosing(run);
    // Dots that stand for a pause are no part of the name behind them.
    const pause = ended.lastIndexOf('..');
    const start = pause === -1 ? index : index + pause + 2;
    if (start < done) continue;
    const host = ended.slice(start - index);
    const path = ended === run && '/?#:'.includes(text[index + run.length] ?? ' ');
    const scheme = SCHEME.exec(text.slice(Math.max(done, start - LONGEST_SCHEME), start))?.[0] ?? '';
    if (scheme === '' && !isWebHost(host, path)) continue;
    const whole = path || scheme !== '' ? withoutClosing(matchAt(REST_OF_ADDRESS, text, start)) : host;
    done = Math.max(start + whole.length, index + run.length);
    findings.push({ start: start - scheme.length, end: start + whole.length, kind: 'web_address' });
  }
  return findings;
}

/** "Home.Me" is a forgotten space: an ending counts in lower case or in a name of capitals. */
function isWebHost(host: string, path: boolean): boolean {
  if (!isHost(host)) return false;
  const [first, last] = [host.split('.')[0]!, host.split('.').at(-1)!];
  if (last !== last.toLowerCase() && host !== host.toUpperCase()) return false;
  const ending = last.toLowerCase();
  return first.toLowerCase() === 'www' || CLEAR_ENDINGS.has(ending) || (path && ENDINGS_WITH_PATH.has(ending));
}

/** "Zalo: hoa.95", "fb linh_99": the word after a service, where it is no ordinary word. */
function accounts(text: string): Finding[] {
  return [...text.matchAll(PLATFORM)].flatMap(({ index, 0: lead }): Finding[] => {
    const start = index + lead.length;
    const name = withoutClosing(matchAt(HOST_HERE, text, start));
    const telling = name.length >= MIN_ACCOUNT && /[a-z]/i.test(name) && /[0-9._]/.test(name);
    return telling ? [{ start, end: start + name.length, kind: 'web_address' }] : [];
  });
}

/** What a sticky expression finds at `at`, or an empty text. */
function matchAt(sticky: RegExp, text: string, at: number): string {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0] ?? '';
}

/** Without the marks of the sentence that the address ends. A loop: an expression for it would look at a long run again and again. */
function withoutClosing(address: string): string {
  let end = address.length;
  while (end > 0 && CLOSING.has(address[end - 1]!)) end -= 1;
  return address.slice(0, end);
}
