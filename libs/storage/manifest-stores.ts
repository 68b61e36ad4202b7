/** What belongs to manifests, in one place for the index. */
export { comparingStore } from './manifest-comparing';
export { manifestAnswers, manifestRows, type ManifestAnswers } from './manifests';
export { manifestDesk, roundStore } from './manifest-rounds';
export type { KindCount, ManifestDesk, ManifestRound, RoundStore, ShownFinding } from './manifest-rounds';
