import type { TraoError } from '../../libs/errors';
import { PartnerClient } from '../../libs/transport';
import { PINS, ROWS, type Verdict } from './certificate-matrix';
import type { Certificate } from './certificates-fixture';
import { authorities, honest } from './gateway-fixture';
import { startPartner } from './partner-fixture';

/** The certificates of the gateway's matrix, presented to our client by a server: nothing is sent to any that is not the partner's. */
type Refused = Exclude<Verdict, 'taken'>;
const TAKEN = ROWS.filter(({ asServer }) => asServer === 'taken');
const REFUSED = ROWS.flatMap(({ asServer: verdict, ...row }) => (verdict === 'taken' ? [] : [{ ...row, verdict }]));

const lenient = { ca: authorities.gb.cert, rejectUnauthorized: false, ciphers: 'DEFAULT@SECLEVEL=0' };

/** Sends a message to a server with this certificate. Answers what came of it, who was reported, and how much the server got. */
async function sendTo(certificate: Certificate) {
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
    const outcome = await client.postMessages('vn', ['t']).catch((error: unknown) => error);
    return { outcome, reports, got: partner.got.length };
  } finally {
    await client.close();
    await partner.close();
  }
}

/** OpenSSL's verdict, or ours. */
const reasonOf = ({ detail, cause }: TraoError) => detail ?? (cause as { code?: string } | undefined)?.code;
const reasonIn = (verdict: Refused) => ('tls' in verdict ? verdict.tls : `${verdict.fault}.`);

it.each(TAKEN)('takes: $name', async ({ certificate }) => {
  expect(await sendTo(certificate)).toEqual({ outcome: [{ jti: '1', receipt: 'r' }], reports: [], got: 1 });
});

it.each(REFUSED)('refuses: $name', async ({ certificate, verdict }) => {
  const { outcome, reports, got } = await sendTo(certificate);
  expect(outcome).toMatchObject({ code: 'partner_tls', retryable: true });
  expect(reasonOf(outcome as TraoError)).toBe(reasonIn(verdict));
  // The partner's own certificate is at fault: no waiting mends that, so somebody hears of it at the first try.
  expect({ reports, got }).toEqual({ reports: ['vn'], got: 0 });
});
