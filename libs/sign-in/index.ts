export { formToken, isOwnForm, TOKEN_HEADER } from './form-token';
export { parkedForm, parkForm, type PostedForm } from './park-form';
export { Provider, type Identity, type PendingSignIn, type ProviderSettings } from './provider';
export { StartLimit } from './start-limit';
export { endSession, renewSession, saveSession, sessions, type ParkedForm, type SignedIn } from './sessions';
export { isFresh, TIME_OUTS, timeLeft, type SignedInTimes, type TimeOuts } from './time-outs';
