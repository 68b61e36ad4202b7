/** What a page shows of a mail. */
export interface MailParts {
  readonly subject: string;
  readonly text: string;
}

/**
 * Reads subject and text of a plain mail (RFC 5322, RFC 2045, RFC 2047). The demonstration catches what Trao sends, one text in UTF-8:
 * anything else is shown as it came.
 */
export function readMail(source: string): MailParts {
  const [head = '', ...rest] = source.split(/\r?\n\r?\n/);
  const headers = new Map(
    head
      .replaceAll(/\r?\n[ \t]+/g, ' ')
      .split(/\r?\n/)
      .map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
  );
  const body = rest.join('\n\n');
  return {
    subject: decodeWords(headers.get('subject') ?? ''),
    text: decodeBody(body, headers.get('content-transfer-encoding')?.toLowerCase()).trim(),
  };
}

function decodeBody(body: string, encoding: string | undefined): string {
  switch (encoding) {
    case 'base64':
      return Buffer.from(body, 'base64').toString('utf8');
    case 'quoted-printable':
      return decodeQuoted(body.replaceAll(/=\r?\n/g, ''));
    case undefined:
    default:
      return body;
  }
}

/** Encoded words that follow one another are one text: the space between them belongs to the line break. */
function decodeWords(text: string): string {
  return text.replaceAll(/(\?=)\s+(=\?)/g, '$1$2').replaceAll(/(?:=\?utf-8\?[bq]\?[^?]*\?=)+/gi, (run) => {
    const words = [...run.matchAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi)];
    return Buffer.concat(
      words.map(([, kind, word = '']) =>
        kind!.toLowerCase() === 'b' ? Buffer.from(word, 'base64') : quotedBytes(word.replaceAll('_', ' ')),
      ),
    ).toString('utf8');
  });
}

const decodeQuoted = (text: string) => quotedBytes(text).toString('utf8');

const quotedBytes = (text: string) =>
  Buffer.concat(
    text
      .split(/(=[0-9A-F]{2})/i)
      .map((part) => (/^=[0-9A-F]{2}$/i.test(part) ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part))),
  );
