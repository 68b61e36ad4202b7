import { fictionalWorld } from './fictional-world';
import { ManualClock } from './manual-clock';
import { MemoryNode } from './memory-node';
import { PartnerLink } from './partner-link';
import { seededRandom } from './seeded-random';

/** Viet Nam and the United Kingdom as nodes in memory with a line between them. @param start time of the clock, RFC 3339 */
export async function twoCountries(seed = 1, start?: string) {
  const world = await fictionalWorld();
  const clock = new ManualClock(start);
  const random = seededRandom(seed);
  const vn = new MemoryNode('vn', world, clock, random);
  const gb = new MemoryNode('gb', world, clock, random);
  return { world, clock, random, vn, gb, link: new PartnerLink(vn, gb) };
}
