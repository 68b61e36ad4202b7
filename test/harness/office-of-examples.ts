import { type HandedIn, type Records } from '../../apps/cli/hand-in';
import { OfficeClient } from '../../apps/cli/office-client';
import { countryOf } from '../../libs/protection';
import { listedUnits } from '../../libs/schema';
import { overrideFor, recordFor } from '../fakes/consent-records';
import { nodeOf, type Document } from './examples';

/** The client of the command line, which also has the records that an example rests on. */
export class OfficeOfExamples extends OfficeClient {
  override send(
    unit: string,
    document: unknown,
    idempotencyKey?: string,
    records: Records = recordsOf(document as Document),
  ): Promise<HandedIn> {
    return super.send(unit, document, idempotencyKey, records);
  }
}

/** The consent that the sender's unit took for a document, or its decision to share without one. */
export function recordsOf(document: Document): Records {
  const { recipientUnit } = document.header;
  const node = nodeOf(recipientUnit);
  const unitClass = listedUnits(node).find(({ id }) => id === recipientUnit)?.class;
  const country = countryOf(node);
  const consent = unitClass && country ? recordFor(document, unitClass, country) : undefined;
  const override = overrideFor(document, new Date());
  return { ...(consent && { consent }), ...(override && { override }) };
}
