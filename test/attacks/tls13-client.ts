import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto';
import { connect, type Socket } from 'node:net';

/**
 * A TLS 1.3 client (RFC 8446) of our own, because an attacker's does what OpenSSL never would: it presents a certificate whose key it
 * does not have, or speaks out of turn. One cipher suite, one group, ECDSA with P-256.
 */
export interface Hostile {
  /** DER, leaf first. */
  readonly chain: readonly Uint8Array[];
  /** Signs for the first of them; the attack is that it is another's. */
  readonly key: KeyObject;
  /** Sent after the handshake, as one record of the given type. */
  readonly after?: { readonly type: number; readonly bytes: Uint8Array };
}

/** How the server ended: the descriptions of its alerts, and what it sent as application data. */
export interface Ended {
  readonly alerts: readonly number[];
  readonly text: string;
}

export const RECORD = { handshake: 22, data: 23 } as const;
export const ALERT = { closeNotify: 0, unexpectedMessage: 10, decryptError: 51 } as const;
const ALERT_RECORD = 21;
const MESSAGE = { certificate: 11, certificateRequest: 13, certificateVerify: 15, finished: 20 } as const;
const PATIENCE_MS = 20_000;

const uint = (value: number, bytes: number) => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};
/** A vector with its length in front. */
const vector = (lengthBytes: number, ...parts: readonly Uint8Array[]) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([uint(body.length, lengthBytes), body]);
};
const message = (type: number, ...parts: readonly Uint8Array[]) =>
  Buffer.concat([Buffer.from([type]), vector(3, ...parts)]);
const sha256 = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
const hmac = (key: Uint8Array, data: Uint8Array) => createHmac('sha256', key).update(data).digest();
const ZERO = Buffer.alloc(32);

/** HKDF-Expand-Label of RFC 8446 §7.1, for at most one block. */
const expand = (secret: Uint8Array, label: string, context: Uint8Array, length: number) =>
  hmac(
    secret,
    Buffer.concat([uint(length, 2), vector(1, Buffer.from(`tls13 ${label}`)), vector(1, context), Buffer.from([1])]),
  ).subarray(0, length);
const derive = (secret: Uint8Array, label: string, ...transcript: readonly Uint8Array[]) =>
  expand(secret, label, sha256(...transcript), 32);

/** Protects or opens the records of one direction under one secret. */
class Traffic {
  private readonly key: Buffer;
  private readonly iv: Buffer;
  private count = 0n;

  constructor(secret: Uint8Array) {
    this.key = expand(secret, 'key', Buffer.alloc(0), 16);
    this.iv = expand(secret, 'iv', Buffer.alloc(0), 12);
  }

  seal(type: number, bytes: Uint8Array): Buffer {
    const head = Buffer.concat([Buffer.from([RECORD.data, 3, 3]), uint(bytes.length + 17, 2)]);
    const cipher = createCipheriv('aes-128-gcm', this.key, this.nonce());
    cipher.setAAD(head);
    return Buffer.concat([
      head,
      cipher.update(bytes),
      cipher.update(Buffer.from([type])),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
  }

  open(record: Buffer): { readonly type: number; readonly bytes: Buffer } {
    const cipher = createDecipheriv('aes-128-gcm', this.key, this.nonce());
    cipher.setAAD(record.subarray(0, 5));
    cipher.setAuthTag(record.subarray(-16));
    const inner = Buffer.concat([cipher.update(record.subarray(5, -16)), cipher.final()]);
    const end = inner.findLastIndex((byte) => byte !== 0);
    return { type: inner[end]!, bytes: inner.subarray(0, end) };
  }

  private nonce(): Buffer {
    const nonce = Buffer.from(this.iv);
    nonce.writeBigUInt64BE(nonce.readBigUInt64BE(4) ^ this.count, 4);
    this.count += 1n;
    return nonce;
  }
}

/** Makes a handshake as told and says how it ended. */
export async function attack(port: number, hostile: Hostile): Promise<Ended> {
  const socket = connect(port, '127.0.0.1').setTimeout(PATIENCE_MS, () => socket.destroy());
  socket.on('error', () => undefined);
  const records = recordsOf(socket);
  const share = generateKeyPairSync('x25519');
  const hello = clientHello(share.publicKey);
  socket.write(Buffer.concat([Buffer.from([RECORD.handshake, 3, 1]), vector(2, hello)]));

  const serverHello = (await records.next()).value!.subarray(5);
  const secret = diffieHellman({ privateKey: share.privateKey, publicKey: serverShare(serverHello) });
  const handshake = hmac(derive(hmac(ZERO, ZERO), 'derived'), secret);
  const fromServer = new Traffic(derive(handshake, 's hs traffic', hello, serverHello));
  const toServer = derive(handshake, 'c hs traffic', hello, serverHello);
  const transcript: Buffer[] = [hello, serverHello];
  await readFlight(records, fromServer, transcript);

  const master = hmac(derive(handshake, 'derived'), ZERO);
  const [theirs, ours] = ['s ap traffic', 'c ap traffic'].map((label) => derive(master, label, ...transcript));
  const sealing = new Traffic(toServer);
  const flight = clientFlight(hostile, toServer, transcript);
  socket.write(Buffer.concat(flight.map((bytes) => sealing.seal(RECORD.handshake, bytes))));
  if (hostile.after) socket.write(new Traffic(ours!).seal(hostile.after.type, hostile.after.bytes));
  return hear(records, new Traffic(theirs!));
}

async function* recordsOf(socket: Socket): AsyncGenerator<Buffer, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 5 && rest.length >= 5 + rest.readUInt16BE(3)) {
        const end = 5 + rest.readUInt16BE(3);
        // The change of cipher that older programs in between want to see says nothing.
        if (rest[0] !== 20) yield rest.subarray(0, end);
        rest = rest.subarray(end);
      }
    }
  } catch {
    // Reset: what was heard before counts.
  }
  return undefined;
}

function clientHello(share: KeyObject): Buffer {
  const extension = (id: number, body: Uint8Array) => Buffer.concat([uint(id, 2), vector(2, body)]);
  const group = Buffer.from([0, 29]);
  const key = Buffer.from(share.export({ format: 'jwk' }).x!, 'base64url');
  return message(
    1,
    Buffer.from([3, 3]),
    randomBytes(32),
    vector(1, randomBytes(32)),
    vector(2, Buffer.from([0x13, 0x01])),
    Buffer.from([1, 0]),
    vector(
      2,
      extension(43, vector(1, Buffer.from([3, 4]))),
      extension(10, vector(2, group)),
      extension(13, vector(2, Buffer.from([4, 3, 8, 4, 8, 7]))),
      extension(51, vector(2, group, vector(2, key))),
    ),
  );
}

/** The key share in a ServerHello: its extensions follow version, random, session id, suite and compression. */
function serverShare(hello: Buffer): KeyObject {
  let at = 4 + 2 + 32;
  at += 1 + hello[at]! + 2 + 1 + 2;
  while (hello.readUInt16BE(at) !== 51) at += 4 + hello.readUInt16BE(at + 2);
  const x = hello.subarray(at + 8, at + 8 + hello.readUInt16BE(at + 6)).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
}

/** Reads what the server sends up to its Finished into the transcript. Whom it is, this client does not care. */
async function readFlight(records: AsyncGenerator<Buffer>, traffic: Traffic, transcript: Buffer[]): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  for (;;) {
    const { value } = await records.next();
    rest = Buffer.concat([rest, traffic.open(value as Buffer).bytes]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readUIntBE(1, 3)) {
      const next = rest.subarray(0, 4 + rest.readUIntBE(1, 3));
      transcript.push(next);
      rest = rest.subarray(next.length);
      if (next[0] === MESSAGE.finished) return;
    }
  }
}

function clientFlight({ chain, key }: Hostile, secret: Buffer, transcript: readonly Buffer[]): Buffer[] {
  const entries = chain.map((der) => Buffer.concat([vector(3, der), uint(0, 2)]));
  const certificate = message(MESSAGE.certificate, vector(1), vector(3, ...entries));
  const said = [Buffer.alloc(64, 0x20), Buffer.from('TLS 1.3, client CertificateVerify\0')];
  const signature = sign('sha256', Buffer.concat([...said, sha256(...transcript, certificate)]), key);
  const verify = message(MESSAGE.certificateVerify, Buffer.from([4, 3]), vector(2, signature));
  const finishing = expand(secret, 'finished', Buffer.alloc(0), 32);
  const finished = message(MESSAGE.finished, hmac(finishing, sha256(...transcript, certificate, verify)));
  return [certificate, verify, finished];
}

async function hear(records: AsyncGenerator<Buffer>, traffic: Traffic): Promise<Ended> {
  const alerts: number[] = [];
  let text = '';
  for await (const record of records) {
    const { type, bytes } =
      record[0] === RECORD.data ? traffic.open(record) : { type: record[0]!, bytes: record.subarray(5) };
    if (type === ALERT_RECORD) alerts.push(bytes[1]!);
    if (type === RECORD.data) text += bytes.toString('latin1');
  }
  return { alerts, text };
}
