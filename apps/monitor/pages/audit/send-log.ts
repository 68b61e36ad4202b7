import type { Response } from 'express';
import { CHAIN_START, followChain, headText } from '../../../../libs/monitoring';
import { desk, type Database } from '../../../../libs/storage';

/** So many acts are held in memory at once. */
const STEP = 1_000;

/**
 * Sends the whole log as JSON, with the head of its chain and whether it is whole. `before` and `after` are texts: the digests are over
 * them letter by letter, so whoever has the file can compute them anew (docs/reference/rest.md).
 */
export async function sendLog(response: Response, { query }: Database, node: string): Promise<void> {
  let check = CHAIN_START;
  let acts = await desk.actsAfter(query, 0, STEP);
  response.attachment(`trao-${node}-operators.json`).type('application/json').setHeader('Cache-Control', 'no-store');
  response.write(`{"node":${JSON.stringify(node)},"madeAt":${JSON.stringify(new Date())},"acts":[`);
  for (let first = true; acts.length > 0; first = false) {
    check = followChain(check, acts);
    response.write(`${first ? '' : ','}\n${acts.map((act) => JSON.stringify(act)).join(',\n')}`);
    acts = acts.length < STEP ? [] : await desk.actsAfter(query, acts.at(-1)!.seq, STEP);
  }
  const { head, broken } = check;
  response.end(
    `],\n"head":${JSON.stringify(headText(head))},"whole":${!broken},"broken":${JSON.stringify(broken ?? null)}}\n`,
  );
}
