import { SMTPServer } from 'smtp-server';
import { listenHere, type Service } from '../listen';
import type { Mailbox } from './mailbox';
import { readMail } from './read-mail';

const MAX_MAIL_BYTES = 1_000_000;

/** Takes every mail from this machine and sends none on. */
export function serveSmtp(port: number, mailbox: Mailbox): Promise<Service> {
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: MAX_MAIL_BYTES,
    rejectOversized: true,
    // Nobody else can have connected, and looking up names takes time.
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: true,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => {
        if (!stream.sizeExceeded) chunks.push(chunk);
      });
      stream.on('end', () => {
        if (!stream.sizeExceeded) {
          const source = Buffer.concat(chunks).toString('utf8');
          const { mailFrom, rcptTo } = session.envelope;
          mailbox.put({
            to: rcptTo.map(({ address }) => address),
            from: mailFrom ? mailFrom.address : '',
            at: new Date().toISOString(),
            ...readMail(source),
            source,
          });
        }
        done();
      });
    },
  });
  // A connection that breaks off is the sender's matter.
  smtp.on('error', () => undefined);
  return listenHere(smtp.server, port).then(() => ({
    close: () => new Promise<void>((closed) => smtp.close(() => closed())),
  }));
}
