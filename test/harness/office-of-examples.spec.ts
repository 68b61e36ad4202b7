import { clearanceFaults } from '../../libs/protection';
import { assertMessage, listedUnits, type ConsentRecord, type OverrideRecord } from '../../libs/schema';
import { examplesBetween, nodeOf } from './examples';
import { recordsOf } from './office-of-examples';

const REFERRALS = [...examplesBetween('referral', 'vn', 'gb'), ...examplesBetween('referral', 'gb', 'vn')];

describe('the records of the examples', () => {
  it.each(REFERRALS)('let $name be sent today', ({ document }) => {
    const { senderUnit, recipientUnit } = document.header;
    const node = nodeOf(recipientUnit);
    const message: unknown = document;
    assertMessage(message);
    const { consent, override } = recordsOf(document);
    const faults = clearanceFaults({
      message,
      sender: { unit: senderUnit },
      recipient: {
        unit: recipientUnit,
        node,
        unitClass: listedUnits(node).find(({ id }) => id === recipientUnit)!.class,
      },
      now: new Date(),
      side: 'sender',
      record: consent as ConsentRecord | undefined,
      override: override as OverrideRecord | undefined,
      hold: false,
    });
    expect(faults).toEqual([]);
  });
});
