/**
 * The life of a file at one unit. Its own begin at `uploading`, those of a partner at `awaiting`; only `clean` ones can be
 * downloaded or sent.
 */
export const FILE_STATES = ['uploading', 'awaiting', 'quarantined', 'clean', 'infected', 'damaged'] as const;
export type FileState = (typeof FILE_STATES)[number];

/** Which state may follow which. */
export const FILE_STEPS: Readonly<Record<FileState, readonly FileState[]>> = {
  uploading: ['quarantined', 'clean'],
  awaiting: ['quarantined', 'clean', 'infected', 'damaged'],
  /** The scanner did not answer yet, or there is none. */
  quarantined: ['clean', 'infected', 'damaged'],
  clean: [],
  infected: [],
  damaged: [],
};

/** What a file is for: it goes with the referral, stays here beside it (a signed consent form), or came from the partner. */
export type FileUse = 'send' | 'keep' | 'received';

/** How far a sent file has come. `withheld`: its message was not received, so it never goes. */
export const FILE_DELIVERIES = ['none', 'waiting', 'received', 'withheld'] as const;
export type FileDelivery = (typeof FILE_DELIVERIES)[number];
