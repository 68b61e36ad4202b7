import fc from 'fast-check';
import type { TraoError } from '../errors';
import { DEADLINES, deadlinesFor, readOverrides, type Deadline } from '.';

const faultsOf = (value: unknown) => {
  try {
    readOverrides(value);
  } catch (error) {
    const { code, faults } = error as TraoError;
    expect(code).toBe('config_invalid');
    return faults.map(({ pointer, rule }) => `${pointer} ${rule}`);
  }
  return [];
};

/** What a partner's table counts, or the faults for which there is none. */
function outcomeOf(value: unknown) {
  try {
    const rows: Deadline[] = Object.values(deadlinesFor('gb', readOverrides(value)));
    return { counts: rows.flatMap(({ terms }) => (terms === 'stated' ? [] : [terms.normal.count])), faults: [] };
  } catch (error) {
    return { counts: [], faults: (error as TraoError).faults };
  }
}

describe('terms agreed with a partner', () => {
  const agreed = {
    gb: {
      ack: { count: 3, unit: 'workingDays' },
      human_ack: { normal: { count: 7, unit: 'days' }, emergency: { count: 12, unit: 'hours' } },
      plan_agreed: { count: 15, unit: 'workingDays' },
    },
    'eu-de': { machine_received: { count: 30, unit: 'minutes' } },
  };

  it('replace those of the table, for that partner alone', () => {
    const overrides = readOverrides(agreed);
    const gb = deadlinesFor('gb', overrides);
    const days = { count: 3, unit: 'workingDays' };
    expect(gb.ack.terms).toEqual({ emergency: days, urgent: days, normal: days });
    expect(gb.human_ack.terms).toEqual({
      emergency: { count: 12, unit: 'hours' },
      urgent: { count: 72, unit: 'hours' },
      normal: { count: 7, unit: 'days' },
    });
    expect(gb.ack.means).toBe(DEADLINES.ack.means);
    expect(gb.rfi_answer).toBe(DEADLINES.rfi_answer);
    expect(Object.keys(gb)).toEqual(Object.keys(DEADLINES));
    expect(deadlinesFor('eu-de', overrides).machine_received.terms.emergency.count).toBe(30);
    expect(deadlinesFor('eu-de', overrides).ack).toBe(DEADLINES.ack);
  });

  it('leave everything as it is for a partner that they do not name', () => {
    for (const partner of ['vn', 'constructor', '__proto__']) {
      expect(deadlinesFor(partner, readOverrides(agreed))).toEqual(DEADLINES);
    }
    expect(deadlinesFor('gb', readOverrides({}))).toEqual(DEADLINES);
    expect(deadlinesFor('gb', readOverrides({ gb: {} }))).toEqual(DEADLINES);
  });

  it.each([
    [null, [' must be an object']],
    [[], [' must be an object']],
    ['gb', [' must be an object']],
    [{ gb: 3 }, ['/gb must be an object']],
    [{ britain: {} }, ['/britain is not a known field']],
    [{ 'Mr Nguyễn': {} }, [' has an unknown field']],
    [JSON.parse('{"__proto__":{}}'), ['/__proto__ is not a known field']],
    [{ gb: { tea: {} } }, ['/gb/tea is not a known field']],
    [{ gb: { toString: {} } }, ['/gb/toString is not a known field']],
    [{ gb: { 'a name': {} } }, ['/gb has an unknown field']],
    [{ gb: { ack: 5 } }, ['/gb/ack must be an object']],
    [{ gb: { ack: {} } }, ['/gb/ack must have at least 1 field']],
    [{ gb: { ack: { normal: 5 } } }, ['/gb/ack/normal must be an object']],
    [{ gb: { ack: { soon: 5 } } }, ['/gb/ack/soon is not a known field']],
    [{ gb: { ack: { count: 5 } } }, ['/gb/ack/unit is required']],
    [{ gb: { ack: { unit: 'workingDays' } } }, ['/gb/ack/count is required']],
    [{ gb: { ack: { count: 5, unit: 'days' } } }, ['/gb/ack/unit must be workingDays']],
    [{ gb: { ack: { count: 2.5, unit: 'workingDays' } } }, ['/gb/ack/count must be a whole number']],
    [{ gb: { ack: { count: '5', unit: 'workingDays' } } }, ['/gb/ack/count must be a whole number']],
    [{ gb: { ack: { count: 0, unit: 'workingDays' } } }, ['/gb/ack/count must be at least 1']],
    [{ gb: { ack: { count: 16, unit: 'workingDays' } } }, ['/gb/ack/count must be at most 15']],
    [{ gb: { ack: { count: 5, unit: 'workingDays', by: 1 } } }, ['/gb/ack/by is not a known field']],
    [{ gb: { machine_received: { count: 31, unit: 'minutes' } } }, ['/gb/machine_received/count must be at most 30']],
    [{ gb: { operator_alarm: { count: 1, unit: 'hours' } } }, ['/gb/operator_alarm must be given for each priority']],
    [{ gb: { erasure: { count: 31, unit: 'days' } } }, ['/gb/erasure/count must be at most 30']],
    [{ gb: { plan_agreed: { count: 9, unit: 'workingDays' } } }, ['/gb/plan_agreed/count must be at least 10']],
    [{ gb: { plan_agreed: { count: 31, unit: 'workingDays' } } }, ['/gb/plan_agreed/count must be at most 30']],
    [{ gb: { decision: { count: 1, unit: 'days' } } }, ['/gb/decision is not allowed']],
    [{ gb: { closure_silence: { count: 1, unit: 'days' } } }, ['/gb/closure_silence is not allowed']],
    [
      {
        gb: { ack: { count: 0, unit: 'hours' }, tea: 1 },
        x: 1,
        vn: { human_ack: { urgent: { count: 1, unit: 'days' } } },
      },
      [
        '/gb/ack/unit must be workingDays',
        '/gb/ack/count must be at least 1',
        '/gb/tea is not a known field',
        '/x is not a known field',
        '/vn/human_ack/urgent/unit must be hours',
      ],
    ],
  ])('are refused as %j, naming every fault', (value, faults) => {
    expect(faultsOf(value)).toEqual(faults);
  });

  it.each([
    [{ gb: { ack: { count: 15, unit: 'workingDays' } } }],
    [{ gb: { ack: { count: 1, unit: 'workingDays' } } }],
    [{ gb: { erasure: { count: 30, unit: 'days' } } }],
    [{ gb: { plan_agreed: { count: 10, unit: 'workingDays' } } }],
    [{ gb: { plan_agreed: { count: 30, unit: 'workingDays' } } }],
  ])('are taken at their bounds: %j', (value) => {
    expect(faultsOf(value)).toEqual([]);
  });

  it('may state the table itself, but for what is the same for all', () => {
    for (const [id, { terms, adjustable }] of Object.entries<Deadline>(DEADLINES)) {
      expect(faultsOf({ gb: { [id]: terms } }).length === 0).toBe(terms !== 'stated' && adjustable !== 'fixed');
    }
  });

  it('are read or refused with a reason, whatever they are', () => {
    const id = fc.constantFrom(...Object.keys(DEADLINES));
    const term = fc.record({
      count: fc.integer({ min: -5, max: 500 }),
      unit: fc.constantFrom('hours', 'days', 'months'),
    });
    const value = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constant('gb'), fc.dictionary(id, term)));
    fc.assert(
      fc.property(value, (given) => {
        const outcome = outcomeOf(given);
        expect(outcome.faults.length > 0).toBe(outcome.counts.length === 0);
        expect(outcome.counts.every((count) => Number.isSafeInteger(count) && count > 0)).toBe(true);
      }),
    );
  });
});
