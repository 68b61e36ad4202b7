import { TraoError } from '../../libs/errors';
import { PartnerClient } from '../../libs/transport';
import { PINS, ROWS, type Verdict } from './certificate-matrix';
import { authorities, honest } from './gateway-fixture';
import { startPartner } from './partner-fixture';

/** The certificates of the gateway's matrix, presented to our client by a server: nothing is sent to any that is not the partner's. */
const lenient = { ca: authorities.gb.cert, rejectUnauthorized: false, ciphers: 'DEFAULT@SECLEVEL=0' };

it.each(ROWS)('$name', async ({ certificate, asServer }) => {
  const reports: string[] = [];
  const partner = await startPartner(certificate, lenient);
  partner.answer((response) => response.end('{"jti":"1","receipt":"r"}\n'));
  const target = { id: 'vn', endpoint: partner.endpoint.endpoint, ...PINS };
  const client = new PartnerClient(
    () => honest.gb,
    () => target,
    { silenceMs: 5_000, requestMs: 10_000 },
    (who) => reports.push(who),
  );
  try {
    const answer = await client.postMessages('vn', ['t']).catch((error: unknown) => error);
    if (asServer === 'taken') {
      expect(answer).toEqual([{ jti: '1', receipt: 'r' }]);
      expect(reports).toEqual([]);
    } else {
      expect(answer).toMatchObject({ code: 'partner_tls', retryable: true });
      expect(reasonOf(answer as TraoError)).toBe(reasonIn(asServer));
      // The partner's own certificate is at fault: no waiting mends that, so somebody hears of it at the first try.
      expect(reports).toEqual(['vn']);
      expect(partner.got).toEqual([]);
    }
  } finally {
    await client.close();
    await partner.close();
  }
});

/** OpenSSL's verdict, or ours. */
const reasonOf = ({ detail, cause }: TraoError) => detail ?? (cause as { code?: string } | undefined)?.code;

const reasonIn = (verdict: Exclude<Verdict, 'taken'>) => ('tls' in verdict ? verdict.tls : `${verdict.fault}.`);
