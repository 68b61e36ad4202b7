import type { DemoConfig } from './demo-config';
import { serveIdentity } from './identity/serve-identity';
import { Mailbox } from './mail/mailbox';
import { serveMailPage } from './mail/serve-mail-page';
import { serveSmtp } from './mail/serve-smtp';
import { serveScanner } from './scanner/serve-scanner';

/**
 * Starts what an office needs around it and a demonstration has nobody to run: an identity provider per node with invented officers, a
 * mailbox that catches all mail, and something that answers like a virus scanner. None of it is for real cases.
 */
export async function startDemo(config: DemoConfig): Promise<{ close(): Promise<void> }> {
  const mailbox = new Mailbox();
  const started = await Promise.all([
    ...config.nodes.map(serveIdentity),
    serveSmtp(config.smtpPort, mailbox),
    serveMailPage(config.mailPort, mailbox),
    serveScanner(config.scannerPort),
  ]);
  return {
    async close() {
      await Promise.all(started.map((service) => service.close()));
    },
  };
}
