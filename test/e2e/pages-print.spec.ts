import { example } from '../harness/examples';
import { untilFinal } from '../harness/ledger';
import { OfficerSession } from '../harness/officer-session';
import { startTwoNodes, type TwoNodes } from '../harness/two-nodes';

const SENDER = 'vn.mps-criminal';
const RECIPIENT = 'gb.ho-sca';

let nodes: TwoNodes;
let referralId: string;
beforeAll(async () => {
  nodes = await startTwoNodes();
  const { messageId } = await nodes.office.send(SENDER, example('referral-protect-adult'));
  await untilFinal(nodes, messageId);
  const [line] = await nodes.office.inbox(RECIPIENT, 10);
  referralId = line!.referralId;
});
afterAll(() => nodes?.stop());

/** What the access log of a unit says was done with the case. */
async function logged(node: 'vn' | 'gb', unit: string): Promise<string[]> {
  const rows = await (
    await nodes.database(node)
  ).query<{ officer: string; action: string }>(
    'SELECT officer, action FROM access_log WHERE unit = $1 AND referral_id = $2 ORDER BY id',
    [unit, referralId],
  );
  return rows.map(({ officer, action }) => `${officer} ${action}`);
}

describe('a case on paper', () => {
  it.each([
    ['vn', SENDER],
    ['gb', RECIPIENT],
  ] as const)('is printed and saved at both sides, and the log of the unit says so: %s', async (node, unit) => {
    const session = await OfficerSession.of(nodes, unit);
    const before = await logged(node, unit);
    const print = await session.get(`/cases/${referralId}/print`);
    expect([print.status, print.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(print.text.startsWith('%PDF-1.7')).toBe(true);
    expect(print.text.trimEnd().endsWith('%%EOF')).toBe(true);
    expect(print.headers.get('content-disposition')).toMatch(/^inline; filename="TR-[0-9A-Z]{4}-[0-9A-Z]{4}\.pdf"$/u);
    expect(print.headers.get('cache-control')).toBe('no-store');
    const saved = await session.get(`/cases/${referralId}/pdf`);
    expect(saved.status).toBe(200);
    expect(saved.headers.get('content-disposition')).toMatch(/^attachment; /u);
    expect((await logged(node, unit)).slice(before.length)).toEqual([`${unit} printed`, `${unit} printed`]);
  });

  it('is not there for another unit, nor for whoever is signed out, and that is no print', async () => {
    const before = await logged('vn', SENDER);
    const other = await OfficerSession.of(nodes, 'vn.moh-social');
    const signedOut = new OfficerSession(nodes, 'vn');
    for (const path of ['print', 'pdf']) {
      expect((await other.get(`/cases/${referralId}/${path}`)).status).toBe(404);
      expect((await other.get(`/cases/no-id/${path}`)).status).toBe(404);
      expect((await signedOut.get(`/cases/${referralId}/${path}`)).status).toBe(303);
    }
    expect(await logged('vn', SENDER)).toEqual(before);
  });

  it('asks a colleague for the reason first', async () => {
    const mine = await OfficerSession.of(nodes, SENDER);
    await mine.post(`/cases/${referralId}/take`);
    const colleague = await OfficerSession.of(nodes, `${SENDER}/liaison`);
    const asked = await colleague.get(`/cases/${referralId}/pdf`);
    expect([asked.status, asked.location]).toEqual([303, `${colleague.office}/cases/${referralId}`]);
    await colleague.post(`/cases/${referralId}/reason`, { code: 'covering', back: `/cases/${referralId}` });
    expect((await colleague.get(`/cases/${referralId}/pdf`)).status).toBe(200);
    expect((await logged('vn', SENDER)).at(-1)).toBe(`${SENDER}/liaison printed`);
  });
});

describe('the prompt sheet', () => {
  it('is a PDF for each purpose and language, and says what it does not know', async () => {
    const session = await OfficerSession.of(nodes, SENDER);
    const sheet = (query: string) => session.get(`/new/prompt-sheet.pdf${query}`);
    for (const query of ['', '?purpose=PROTECT', '?purpose=RETURN&language=vi', '?purpose=VERIFY&language=en']) {
      const { status, headers, text } = await sheet(query);
      expect([status, headers.get('content-type'), text.slice(0, 5)]).toEqual([200, 'application/pdf', '%PDF-']);
    }
    for (const query of [
      '?purpose=',
      '?purpose=NONE',
      '?purpose=PROTECT&language=fr',
      '?purpose=PROTECT&purpose=VERIFY',
    ])
      expect((await sheet(query)).status).toBe(400);
    expect((await new OfficerSession(nodes, 'vn').get('/new/prompt-sheet.pdf?purpose=PROTECT')).status).toBe(303);
  });
});
