/** What operators do to partners and queues and see of them, in one place for the index. */
export { QUEUES, suspendedPartners, suspensions, type QueueName, type SuspendedThing, type Suspensions } from './holds';
export { partnerFacts, type PartnerFacts } from './partner-facts';
export { linkNotes, seenCertificates, type SeenCertificate } from './partner-links';
export { partnerPings, sendNextPing, type PartnerPing, type PartnerPings, type SendPing } from './partner-pings';
export { partnerTests, testingStore, type PartnerTest, type TestingStore } from './partner-tests';
export { deadGroups, fileFacts, processRows, queueFacts } from './queue-facts';
export type { DeadGroup, ProcessRow, QueueFacts } from './queue-facts';
