import type { Bug } from './bug';
import { EVIDENCE_BUGS } from './bugs-evidence';
import { QUEUE_BUGS } from './bugs-queue';
import { RECEIVER_BUGS } from './bugs-receiver';

export const BUGS: readonly Bug[] = [...QUEUE_BUGS, ...RECEIVER_BUGS, ...EVIDENCE_BUGS];
