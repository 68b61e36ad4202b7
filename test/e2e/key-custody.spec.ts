import { createPrivateKey } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tlsPassphraseFile, unlockFile } from '../../certs-dev/development-keys';
import { KeyAdmin } from '../../libs/keystore';
import { HostError } from '../harness/host';
import { NODES, startTwoNodes, type App, type NodeId, type TwoNodes } from '../harness/two-nodes';

/** The processes that hold keys. */
type KeyHolder = Exclude<App, 'monitor'>;
const APPS: readonly KeyHolder[] = ['gateway', 'worker', 'office'];
/** Secrets of the demonstration that stand in the clear, because something has to open the rest. */
const OPEN = /^keys\/(governance\/\w+\.key|nodes\/\w+\/unlock\/(\w+\.key|tls\.passphrase))$/;

describe('private keys of a demonstration that ran', () => {
  let nodes: TwoNodes;
  beforeAll(async () => {
    nodes = await startTwoNodes();
  });
  afterAll(() => nodes?.stop());

  const keys = () => path.join(nodes.folder, 'keys');
  const folderOf = (node: NodeId, app: KeyHolder) => path.join(keys(), 'nodes', node, app);
  const unlockOf = (node: NodeId, app: KeyHolder) => unlockFile(keys(), node, app);

  it('stand in the clear in no file, and what opens them in those alone that are named', async () => {
    const secrets = await allSecrets();
    expect(secrets.length).toBeGreaterThan(60);
    const found: string[] = [];
    const looked: string[] = [];
    for (const file of filesOf(nodes.folder)) {
      const name = path.relative(nodes.folder, file);
      const bytes = readFileSync(file);
      looked.push(name);
      if (secrets.some(({ forms }) => forms.some((form) => bytes.includes(form)))) found.push(name);
    }
    expect(looked.filter((name) => name.endsWith('.log')).length).toBeGreaterThanOrEqual(6);
    expect(found.filter((name) => !OPEN.test(name))).toEqual([]);
    expect(found.toSorted()).toEqual(looked.filter((name) => OPEN.test(name)).toSorted());
  });

  it('would be found if one stood there', async () => {
    const [{ bytes }] = (await allSecrets()).slice(20) as [Secret];
    for (const form of [
      bytes,
      `{"d":"${bytes.toString('base64url')}"}`,
      `pem ${Buffer.concat([Buffer.alloc(1), bytes]).toString('base64')}`,
    ]) {
      const planted = path.join(nodes.folder, 'planted');
      writeFileSync(planted, form);
      const secrets = await allSecrets();
      const content = readFileSync(planted);
      expect(secrets.some(({ forms }) => forms.some((each) => content.includes(each)))).toBe(true);
      rmSync(planted);
    }
  });

  describe('that a process cannot use keep it from starting, which says why and what to do', () => {
    interface Trouble {
      readonly app: KeyHolder;
      readonly make: (folder: string, unlock: string) => () => void;
      readonly code: string;
      readonly says: RegExp;
    }
    const swap = (file: string, content: string | Uint8Array) => {
      const before = readFileSync(file);
      writeFileSync(file, content);
      return () => writeFileSync(file, before);
    };
    const away = (place: string) => {
      renameSync(place, `${place}.away`);
      return () => renameSync(`${place}.away`, place);
    };
    const first = (folder: string) => path.join(folder, readdirSync(folder).toSorted()[0]!);

    it.each<[string, Trouble]>([
      [
        'another key file',
        {
          app: 'worker',
          make: (_folder, unlock) => swap(unlock, Buffer.alloc(32, 1)),
          code: 'key_locked',
          says: /does not open/,
        },
      ],
      [
        'no key file',
        { app: 'gateway', make: (_folder, unlock) => away(unlock), code: 'key_unreadable', says: /cannot be read/ },
      ],
      [
        'no folder',
        { app: 'office', make: (folder) => away(folder), code: 'key_folder_missing', says: /trao keys generate/ },
      ],
      [
        'a folder that others read',
        {
          app: 'office',
          make: (folder) => {
            chmodSync(folder, 0o750);
            return () => chmodSync(folder, 0o700);
          },
          code: 'key_exposed',
          says: /chmod 700/,
        },
      ],
      [
        'a damaged file',
        {
          app: 'worker',
          make: (folder) => swap(first(path.join(folder, 'encryption')), 'gone'),
          code: 'key_damaged',
          says: /damaged/,
        },
      ],
      [
        'no receipt key',
        { app: 'gateway', make: (folder) => away(path.join(folder, 'receipt')), code: 'key_missing', says: /receipt/ },
      ],
      [
        'no storage keys',
        {
          app: 'office',
          make: (folder) => away(path.join(folder, 'storage')),
          code: 'key_missing',
          says: /storage of gb\.\S+;.*storage of gb\./,
        },
      ],
      [
        'no decryption keys',
        {
          app: 'worker',
          make: (folder) => away(path.join(folder, 'encryption')),
          code: 'key_missing',
          says: /decryption key \S+;.*decryption key/,
        },
      ],
      [
        'two kinds of trouble',
        {
          app: 'worker',
          make: (folder) => {
            const undo = [away(path.join(folder, 'receipt')), swap(first(path.join(folder, 'storage')), 'gone')];
            return () => undo.forEach((back) => back());
          },
          code: 'keys_unready',
          says: /key_missing: receipt/,
        },
      ],
    ])('%s', async (_what, { app, make, code, says }) => {
      await nodes.stopApp('gb', app);
      const undo = make(folderOf('gb', app), unlockOf('gb', app));
      try {
        const refused = await nodes.startApp('gb', app).then(
          () => undefined,
          (error: HostError) => error,
        );
        expect(refused).toBeInstanceOf(HostError);
        expect(refused!.codes).toContain(code);
        expect(refused!.message).toMatch(says);
      } finally {
        undo();
      }
      await nodes.startApp('gb', app);
    });
  });

  interface Secret {
    readonly bytes: Buffer;
    /** As raw bytes, hexadecimal, and base64 of both alphabets wherever they stand in the encoded text. */
    readonly forms: readonly Buffer[];
  }

  async function allSecrets(): Promise<Secret[]> {
    const secrets: Buffer[] = [];
    const reveal = async (folder: string, keyFile: string) => {
      const admin = await KeyAdmin.open(folder, { keyFile });
      for (const { kid } of await admin.list()) {
        const { privateJwk } = await admin.reveal(kid);
        secrets.push(
          ...[privateJwk.d, privateJwk.k, privateJwk.priv].flatMap((text) =>
            text ? [Buffer.from(text, 'base64url')] : [],
          ),
        );
      }
      secrets.push(readFileSync(keyFile));
    };
    for (const node of NODES) {
      for (const app of APPS) await reveal(folderOf(node, app), unlockOf(node, app));
      const governance = path.join(keys(), 'governance', node);
      await reveal(governance, `${governance}.key`);
      const passphrase = readFileSync(tlsPassphraseFile(keys(), node));
      const key = readFileSync(path.join(keys(), 'nodes', node, 'tls', 'key.pem'));
      const { d, p } = createPrivateKey({ key, passphrase }).export({ format: 'jwk' });
      secrets.push(passphrase, Buffer.from(d!, 'base64url'), Buffer.from(p!, 'base64url'));
    }
    return secrets.map((bytes) => ({ bytes, forms: formsOf(bytes) }));
  }

  function formsOf(bytes: Buffer): Buffer[] {
    const encoded = [0, 1, 2].flatMap((offset) => {
      // The first and last characters depend on the neighbours.
      const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
      const inner = text.slice(offset === 0 ? 0 : 4, -4);
      return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
    });
    return [bytes, ...[bytes.toString('hex'), ...encoded].map((text) => Buffer.from(text))];
  }

  /** All but the cluster of PostgreSQL, which gets no key in any form: the canary of case content looks there. */
  function filesOf(folder: string): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => !file.startsWith(path.join(folder, 'postgres')));
  }
});
