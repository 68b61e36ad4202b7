import type { INestApplication } from '@nestjs/common';
import { TraoError } from '../errors';

/** Listens, or says plainly which port is taken. @throws TraoError `port_taken` */
export async function listen(app: INestApplication, port: number, host: string): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (cause) {
    const taken = (cause as { code?: string }).code === 'EADDRINUSE';
    throw taken ? new TraoError('port_taken', { detail: `${host}:${port}`, cause }) : cause;
  }
}
