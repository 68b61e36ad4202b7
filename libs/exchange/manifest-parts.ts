/** Manifests, under one name: the list of what this lib promises stays readable. */
export { answerManifest, listManifest, LISTED_AT_ONCE, type AnswerManifestPorts } from './answer-manifest';
export { isPartnerFault } from './circuit';
export { compareDay, type Comparison, type ComparePorts, type CompareStore } from './manifest-compare';
export { dayBefore, dayOf, daysDown, idsOf, isDay } from './manifest-days';
export { makeManifest, type ManifestPorts } from './manifest-make';
export { FINDING_KINDS, HEALING, WAYS } from './manifest-ports';
export type { Finding, FindingKind, KnownThere, ManifestEntry, ManifestLink } from './manifest-ports';
export type { ManifestRows, SignedManifest, Way } from './manifest-ports';
export { reconcile, type DayReport, type RoundPorts, type WayReport } from './manifest-round';
export { decodeEntries, decodeKnown, isMessageId, MANIFEST_MEDIA_TYPE, MAX_ASKED } from './manifest-wire';
export type { LostMessage, LostStore } from './send-again';
