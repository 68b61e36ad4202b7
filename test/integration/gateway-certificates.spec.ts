import { waitFor } from '../harness/wait-for';
import { PINS, ROWS, type Verdict } from './certificate-matrix';
import { call } from './gateway-caller';
import { honest, startTestGateway, type TestGateway } from './gateway-fixture';

/**
 * Certificates of every kind, presented to the gateway as that of a partner. TLS 1.3 tells the refused client nothing, so what it was
 * has to stand in our log, and with an alarm where a partner's own certificate is at fault.
 */
type Refused = Exclude<Verdict, 'taken'>;
const TAKEN = ROWS.filter(({ asClient }) => asClient === 'taken');
const REFUSED = ROWS.flatMap(({ asClient: verdict, ...row }) => (verdict === 'taken' ? [] : [{ ...row, verdict }]));

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ vn: PINS });
});
afterAll(() => gateway?.close());

const answerOf = (verdict: Refused) =>
  'tls' in verdict
    ? { refused: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) as string }
    : { status: 403, text: expect.stringContaining('"code":"unknown_sender"') as string };

/** The lines about TLS that the gateway has written since. */
const linesSince = (before: number) =>
  gateway.log
    .records()
    .slice(before)
    .filter(({ msg }) => /TLS handshake refused|certificate of no partner/.test(String(msg)));

const lineOf = (verdict: Refused) =>
  'tls' in verdict
    ? {
        level: 40,
        msg: 'TLS handshake refused',
        tls: verdict.tls,
        from: expect.stringContaining('127.0.0.1') as string,
      }
    : { level: 40, msg: 'certificate of no partner', ...verdict, from: expect.stringContaining('127.0.0.1') as string };

it('looks at more than twenty certificates, most of them bad', () => {
  expect(ROWS.length).toBeGreaterThan(20);
  expect(REFUSED.length).toBeGreaterThan(20);
  expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length);
});

it.each(TAKEN)('takes: $name', async ({ certificate }) => {
  const before = gateway.log.records().length;
  const text = expect.stringContaining('"protocol":1') as string;
  expect(await call(gateway.port, certificate)).toEqual({ status: 200, text });
  expect(linesSince(before)).toEqual([]);
});

it.each(REFUSED)('refuses: $name', async ({ certificate, verdict }) => {
  const before = gateway.log.records().length;
  expect(await call(gateway.port, certificate)).toEqual(answerOf(verdict));
  const lines = await waitFor('the line in the log', () => {
    const found = linesSince(before);
    return found.length > 0 && found;
  });
  expect(lines).toEqual([expect.objectContaining(lineOf(verdict))]);
});

it('raises one alarm for each partner and fault, however often it is seen', async () => {
  await call(gateway.port, ROWS.find(({ name }) => name === 'expired')!.certificate);
  expect(gateway.alarms).toEqual([
    { kind: 'partner_tls', subject: expect.stringContaining('127.0.0.1') as string, code: 'partner_tls' },
    { kind: 'partner_tls', subject: 'vn', code: 'unknown_sender' },
  ]);
});

it('takes the honest certificate still', async () => {
  expect(await call(gateway.port, honest.vn)).toMatchObject({ status: 200 });
});
