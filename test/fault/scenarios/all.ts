import { CLOCKS } from './clocks';
import { COMMITS } from './commits-unknown';
import { DATABASE } from './database';
import { DISK } from './disk';
import { NAMESPACES } from './namespaces';
import { NETWORK } from './network';
import { PARTNERS } from './partners';
import { POISONED } from './poison';
import { PROCESSES } from './processes';
import { QUEUE } from './queue';
import type { Scenario } from './scenario';
import { VERSIONS } from './versions';

/** Every further fault, as data. */
export const SCENARIOS: readonly Scenario[] = [
  ...NETWORK,
  ...PARTNERS,
  ...DATABASE,
  ...COMMITS,
  ...QUEUE,
  ...PROCESSES,
  ...POISONED,
  ...CLOCKS,
  ...VERSIONS,
  ...DISK,
  ...NAMESPACES,
];
