import type { Disclosed, Message, Referral } from '../schema';

/** The sections about the person that a message carries, and the pointer where they stand. */
export interface Content {
  readonly at: string;
  readonly sections: Partial<Referral>;
}

/** The content of a message: of a referral all of it, of later messages what they disclose; undefined when there is none. */
export function contentOf(message: Message): Content | undefined {
  if ('handling' in message) return { at: '', sections: message };
  if ('rfiResponse' in message) return disclosedIn('rfiResponse', message.rfiResponse.disclosed);
  if ('update' in message) return disclosedIn('update', message.update.disclosed);
  if ('correction' in message) return disclosedIn('correction', message.correction.disclosed);
  return undefined;
}

function disclosedIn(body: string, disclosed: Disclosed | undefined): Content | undefined {
  return disclosed && { at: `/${body}/disclosed`, sections: disclosed };
}
