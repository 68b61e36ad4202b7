import type { Browser } from 'playwright-core';
import { hasChromium, startChromium } from '../harness/browser';
import { PageTeller, type Reading } from '../harness/tell-by-pages';
import { startTwoNodes, type NodeId, type TwoNodes } from '../harness/two-nodes';

interface Story {
  readonly title: string;
  readonly readings: Readonly<Record<NodeId, Reading>>;
  readonly units: readonly [string, string];
  /** A referral that was sent past the pages; absent where the story begins with writing one. */
  readonly begun?: string;
  readonly messages: readonly string[];
  readonly end: string;
}

const VI = { language: 'vi', javaScript: true } as const;
const EN = { language: 'en', javaScript: true } as const;
const VI_PLAIN = { language: 'vi', javaScript: false } as const;
const EN_PLAIN = { language: 'en', javaScript: false } as const;

/** Both countries in both languages, with and without JavaScript; between them every kind of step from the first message to the last. */
const STORIES: readonly Story[] = [
  {
    title: 'protection of an adult, whose consent is withdrawn: both sides freeze the case and erase it',
    readings: { vn: VI, gb: EN },
    units: ['vn.mps-criminal', 'gb.ho-sca'],
    messages: [
      'referral-protect-adult',
      'ack-protect-adult',
      'accept-protect-adult',
      'consent-withdrawal-protect-adult',
      'erasure-confirm-protect-adult-sender',
      'erasure-confirm-protect-adult-recipient',
    ],
    end: 'erased',
  },
  {
    title: 'protection of a child without its consent: a second signature, a question and its answer, a part accepted',
    readings: { vn: VI_PLAIN, gb: EN_PLAIN },
    units: ['vn.moh-social', 'gb.la-children'],
    messages: [
      'referral-protect-child-cannabis',
      'ack-protect-child',
      'rfi-protect-child',
      'rfi-response-protect-child',
      'accept-protect-child-in-part',
      'update-protect-child-in-progress',
      'alert-protect-child-missing',
    ],
    end: 'in_progress',
  },
  {
    title: 'a voluntary return: plans, hand-over, reception record, outcome',
    readings: { vn: EN_PLAIN, gb: VI_PLAIN },
    units: ['gb.ho-sca', 'vn.mnd-border'],
    messages: [
      'referral-return-adult',
      'ack-return-adult',
      'accept-return-adult',
      'risk-assessment-return-adult-sender',
      'risk-assessment-return-adult-recipient',
      'handover-plan-return-adult',
      'handover-plan-return-adult-counter',
      'handover-accept-return-adult',
      'update-return-adult-documents-requested',
      'update-return-adult-scheduled',
      'delegation-notice-return-adult',
      'departure-notice-return-adult',
      'arrival-confirmation-return-adult',
      'reception-record-return-adult',
      'outcome-return-adult',
    ],
    end: 'outcome_reported',
  },
  {
    title: 'a search for a family, which its sender withdraws',
    readings: { vn: EN, gb: VI },
    units: ['vn.mps-criminal', 'gb.nca'],
    messages: ['referral-trace-adult', 'ack-trace-adult', 'cancel-request-trace-adult', 'cancel-confirm-trace-adult'],
    end: 'cancelled',
  },
  {
    title: 'somebody who is not named: redirected to another unit',
    readings: { vn: EN_PLAIN, gb: VI_PLAIN },
    units: ['vn.mofa-london', 'gb.police'],
    messages: [
      'referral-protect-anonymous-servitude',
      'ack-protect-anonymous-servitude',
      'redirect-protect-anonymous-servitude',
    ],
    end: 'redirected',
  },
  {
    title: 'declined, with the name of a unit that could help',
    readings: { vn: VI_PLAIN, gb: EN_PLAIN },
    units: ['vn.mps-criminal', 'gb.ho-sca'],
    begun: 'referral-protect-adult',
    messages: ['ack-protect-adult', 'decline-protect-adult'],
    end: 'declined',
  },
];

/** Also of a case that was erased something is left to show: that it was. */
const EVERY_PAGE = { '': 200, '/timeline': 200, '/messages': 200, '/files': 200, '/plans': 200, '/access': 200 };
/** A story is some hundred pages: on a busy machine that takes its time. */
const PATIENCE_MS = 600_000;
const inBrowser = hasChromium() ? describe : describe.skip;
inBrowser('a case from one country to the other and back, at the pages of both', () => {
  let nodes: TwoNodes;
  let browser: Browser;
  beforeAll(async () => {
    [nodes, browser] = await Promise.all([startTwoNodes(), startChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await nodes?.stop();
  });

  it.each(STORIES)(
    '$title',
    async ({ readings, units, begun, messages, end }) => {
      const teller = new PageTeller(nodes, browser, readings);
      try {
        if (begun !== undefined) await teller.begin(begun);
        for (const name of messages) {
          const one = await teller.tell(name);
          if (one.type === 'referral') await (await teller.officer(one.hands.at(-1)!)).seeDelivered();
        }
        expect(await Promise.all(units.map((unit) => teller.stateAt(unit)))).toEqual([end, end]);
        for (const unit of units) expect(await teller.look(unit)).toEqual(EVERY_PAGE);
        for (const { audit } of await teller.windows()) {
          expect(audit.faults).toEqual([]);
          for (const { bytes, first, path } of audit.weights) {
            expect({ path, light: bytes <= (first ? 100 : 20) * 1024, bytes }).toEqual({ path, light: true, bytes });
          }
        }
      } finally {
        await teller.close();
      }
    },
    PATIENCE_MS,
  );
});
