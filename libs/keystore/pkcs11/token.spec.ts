import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Cryptoki } from './cryptoki';
import { SecurityModule } from './security-module';
import { Token, type Session } from './token';

/** What SoftHSM cannot be made to do: a module that fails and hangs as told, and counts what is asked of it. */
class FakeModule {
  readonly counts: Record<string, number> = {};
  fail: Partial<Record<string, string>> = {};
  labels = ['trao'];

  private note(call: string): void {
    this.counts[call] = (this.counts[call] ?? 0) + 1;
    const code = this.fail[call];
    if (code) throw new Error(`${code}:1`);
  }

  readonly cryptoki = {
    C_Initialize: () => this.note('C_Initialize'),
    C_Finalize: () => this.note('C_Finalize'),
    C_GetSlotList: () => this.labels.map((label) => Buffer.from(label)),
    C_GetTokenInfo: (slot: Buffer) => ({ label: slot.toString().padEnd(32) }),
    C_OpenSession: () => {
      this.note('C_OpenSession');
      return Buffer.from([this.counts['C_OpenSession']!]);
    },
    C_CloseSession: () => this.note('C_CloseSession'),
    C_Login: () => this.note('C_Login'),
  } as unknown as Cryptoki;
}

let folder: string;
let pinFile: string;
let fake: FakeModule;
let library: SecurityModule;
let token: Token;
let turn = 0;
beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'trao-token-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  fake = new FakeModule();
  pinFile = path.join(folder, `pin ${(turn += 1)}`);
  writeFileSync(pinFile, '1234\n', { mode: 0o600 });
  library = await SecurityModule.of(`/fake-${turn}.so`, () => Promise.resolve(fake.cryptoki));
  token = new Token(library, { module: `/fake-${turn}.so`, token: 'trao', pinFile });
});

const handleOf = ({ handle }: Session) => Promise.resolve(handle[0]);

it('opens a session and logs in once for work that comes one after the other', async () => {
  expect([await token.run(handleOf), await token.run(handleOf)]).toEqual([1, 1]);
  expect(fake.counts).toEqual({ C_Initialize: 1, C_OpenSession: 1, C_Login: 1 });
});

it('gives each piece of work a session of its own, four at once', async () => {
  let atWork = 0;
  let most = 0;
  const work = async ({ handle }: Session) => {
    most = Math.max(most, (atWork += 1));
    await new Promise(setImmediate);
    atWork -= 1;
    return handle[0]!;
  };
  const handles = await Promise.all(Array.from({ length: 20 }, () => token.run(work)));
  expect({ most, sessions: new Set(handles).size }).toEqual({ most: 4, sessions: 4 });
});

it('takes it well that another of its sessions has logged in', async () => {
  fake.fail = { C_Login: 'CKR_USER_ALREADY_LOGGED_IN' };
  expect(await token.run(handleOf)).toBe(1);
});

it('never tries a refused PIN again, until the file has another', async () => {
  fake.fail = { C_Login: 'CKR_PIN_INCORRECT' };
  for (const again of [1, 2, 3])
    await expect(token.run(handleOf).then(() => again)).rejects.toMatchObject({ code: 'token_refused' });
  expect(fake.counts['C_Login']).toBe(1);
  fake.fail = {};
  writeFileSync(pinFile, '5678');
  await token.run(handleOf);
  expect(fake.counts['C_Login']).toBe(2);
});

it('says that a PIN file is missing or open to others', async () => {
  const at = (file: string) => Promise.resolve(new Token(library, { module: 'm', token: 'trao', pinFile: file }));
  await expect((await at(`${pinFile}-none`)).run(handleOf)).rejects.toMatchObject({ code: 'key_unreadable' });
  writeFileSync(`${pinFile}-open`, '1234', { mode: 0o644 });
  await expect((await at(`${pinFile}-open`)).run(handleOf)).rejects.toMatchObject({ code: 'key_exposed' });
});

it('starts the module anew after a fault, once for all who saw it', async () => {
  const failed = new Set<number>();
  const failOnce = (n: number) => (session: Session) => {
    if (failed.has(n)) return handleOf(session);
    failed.add(n);
    throw new Error('CKR_DEVICE_REMOVED:50');
  };
  await Promise.all([1, 2, 3, 4].map((n) => token.run((session) => failOnce(n)(session))));
  expect(fake.counts).toMatchObject({ C_Initialize: 2, C_Finalize: 1 });
});

it('is unavailable after a second fault, and closes the sessions that failed', async () => {
  const failing = () => Promise.reject(new Error('CKR_FUNCTION_FAILED:6'));
  await expect(token.run(failing)).rejects.toMatchObject({
    code: 'token_unavailable',
    detail: 'trao: CKR_FUNCTION_FAILED',
  });
  expect(fake.counts).toMatchObject({ C_OpenSession: 2, C_CloseSession: 2 });
});

it('is unavailable when the module does not start, and starts when it can', async () => {
  fake.fail = { C_Initialize: 'CKR_GENERAL_ERROR' };
  await expect(token.run(handleOf)).rejects.toMatchObject({ code: 'token_unavailable' });
  fake.fail = { C_Initialize: 'CKR_CRYPTOKI_ALREADY_INITIALIZED' };
  expect(await token.run(handleOf)).toBe(1);
});

it('goes on when the module cannot be stopped or a session not be closed: both were lost', async () => {
  fake.fail = { C_Finalize: 'CKR_CRYPTOKI_NOT_INITIALIZED', C_CloseSession: 'CKR_SESSION_HANDLE_INVALID' };
  let first = true;
  const work = (session: Session) => {
    if (!first) return handleOf(session);
    first = false;
    throw new Error('CKR_SESSION_CLOSED:176');
  };
  expect(await token.run(work)).toBe(2);
});

it('does not guess between two tokens of one name', async () => {
  fake.labels = ['trao', 'trao'];
  await expect(token.run(handleOf)).rejects.toMatchObject({ code: 'config_invalid' });
});

it('answers for a module that hangs', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  try {
    let begun: () => void;
    const started = new Promise<void>((resolve) => (begun = resolve));
    const hanging = token.run(() => new Promise(() => begun()));
    const refused = hanging.catch((error: unknown) => error);
    await started;
    await jest.advanceTimersByTimeAsync(20_000);
    expect(await refused).toMatchObject({ code: 'token_unavailable' });
  } finally {
    jest.useRealTimers();
  }
});
