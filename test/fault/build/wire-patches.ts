import { callOf } from './marks';
import type { Patch } from './patches';

/**
 * Points in the middle of a request and of its answer, where no line of the product stands: the fault build sends the two halves by
 * itself.
 */
export const WIRE_PATCHES: readonly Patch[] = [
  {
    file: 'libs/transport/partner-client.ts',
    before: `      const answer = await request(url, {
        ...options,`,
    after: `      let sent = () => {};
      const body = options.body;
      const isMessages = path === '/v1/messages';
      const whenSent = new Promise<void>((resolve) => (sent = resolve));
      const halves = async function* () {
        const bytes = Buffer.from(body as string);
        const half = Math.floor(bytes.length / 2);
        yield bytes.subarray(0, half);
        ${callOf('S8')}
        yield bytes.subarray(half);
        setImmediate(sent);
      };
      const asking = request(url, {
        ...options,
        ...(isMessages && { body: halves() as never }),`,
  },
  {
    file: 'libs/transport/partner-client.ts',
    before: `        signal: AbortSignal.timeout(requestMs),
      });`,
    after: `        signal: AbortSignal.timeout(requestMs),
      });
      if (isMessages) {
        await Promise.race([whenSent, asking.catch(() => undefined)]);
        ${callOf('S9')}
      }
      const answer = await asking;`,
  },
  {
    file: 'apps/gateway/messages.controller.ts',
    before: 'return encodeAnswers(',
    after: 'const whole = encodeAnswers(',
  },
  {
    file: 'apps/gateway/messages.controller.ts',
    before: `, peer, this.ports));`,
    after: `, peer, this.ports));
    const bytes = Buffer.from(whole);
    const half = Math.floor(bytes.length / 2);
    const answer = request.res!;
    answer.writeHead(200, { 'content-type': ANSWERS_MEDIA_TYPE, 'content-length': bytes.length });
    answer.write(bytes.subarray(0, half));
    ${callOf('R4')}
    answer.end(bytes.subarray(half));
    return new Promise(() => undefined);`,
  },
];
