import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Code } from '../../libs/errors';
import { type Jwk, type manifests, type Receipt, type Suite } from '../../libs/envelope';
import { type Directory, type DirectoryKey, type ManifestClaims } from '../../libs/schema';

/** What the files in this folder hold; README.md says it for people. */
export interface Tampered {
  readonly name: string;
  readonly token: string;
  /** The inner code with which it is refused. */
  readonly code: Code;
}

/** A key with both parts: made for these files, of no use anywhere else. */
export interface KeyPair {
  readonly kid: string;
  readonly publicJwk: Jwk;
  readonly privateJwk: Jwk;
}

export interface Circumstances {
  readonly node: string;
  readonly peer: string;
  readonly trustDomain: string;
  readonly now: string;
  readonly maxBytes: number;
  readonly suites: readonly Suite[];
  readonly staleKids: readonly string[];
}

export interface MessageVectors {
  readonly suite: Suite;
  readonly keys: {
    /** Private signing keys of the sender unit; `signing` of the directory part has the public ones. */
    readonly signing: readonly KeyPair[];
    readonly encryption: readonly (KeyPair & { readonly unit: string })[];
  };
  /** What the receiver takes from the directory in force. */
  readonly directory: {
    readonly units: readonly {
      readonly id: string;
      readonly node: string;
      readonly signingKeys: readonly DirectoryKey[];
    }[];
  };
  readonly circumstances: Circumstances;
  readonly valid: readonly {
    readonly name: string;
    readonly token: string;
    readonly digest: string;
    /** The signed bytes as text. */
    readonly payload: string;
    /** The compact JWS inside. */
    readonly original: string;
    readonly outer: Readonly<Record<string, unknown>>;
    readonly inner: Readonly<Record<string, unknown>>;
  }[];
  readonly tampered: readonly (Tampered & { readonly circumstances?: Partial<Circumstances> })[];
}

export interface ReceiptVectors {
  readonly keys: readonly (DirectoryKey & { readonly node: string })[];
  readonly privateKeys: readonly KeyPair[];
  readonly valid: readonly {
    readonly name: string;
    readonly token: string;
    readonly receipt: Omit<Receipt, 'at'> & { readonly at: string };
  }[];
  readonly tampered: readonly Tampered[];
}

export interface ManifestVectors {
  readonly keys: readonly (DirectoryKey & { readonly node: string })[];
  readonly privateKeys: readonly KeyPair[];
  /** Messages with the bytes of their leaves. */
  readonly leaves: readonly (manifests.ManifestEntry & { readonly leaf: string })[];
  /** Roots of the first 0, 1, 2 … of the leaves. */
  readonly roots: readonly string[];
  readonly valid: readonly { readonly name: string; readonly token: string; readonly claims: ManifestClaims }[];
  readonly tampered: readonly Tampered[];
}

export interface DirectoryVectors {
  readonly anchor: { readonly trustDomain: 'test'; readonly governance: Directory['governance'] };
  readonly privateKeys: readonly KeyPair[];
  readonly now: string;
  /** Signed documents by name; the rows below name them. */
  readonly documents: Readonly<Record<string, string>>;
  readonly valid: readonly {
    readonly name: string;
    readonly document: string;
    readonly inForce?: string;
    readonly version: number;
  }[];
  readonly tampered: readonly {
    readonly name: string;
    readonly document: string;
    readonly inForce?: string;
    readonly now?: string;
    readonly code: Code;
  }[];
}

export interface PaddingVectors {
  readonly lengths: readonly (readonly [length: number, padded: number])[];
  readonly valid: readonly { readonly name: string; readonly content: string; readonly padded: string }[];
  readonly tampered: readonly { readonly name: string; readonly padded: string; readonly code: Code }[];
}

export interface AtRestVectors {
  readonly keys: Readonly<Record<string, string>>;
  readonly valid: readonly AtRestRow[];
  readonly tampered: readonly (Omit<AtRestRow, 'plaintext'> & { readonly code: Code })[];
}

interface AtRestRow {
  readonly name: string;
  readonly key: string;
  readonly row: readonly string[];
  readonly plaintext: string;
  readonly stored: string;
}

export interface Vectors {
  readonly 'message-hybrid.json': MessageVectors;
  readonly 'message-classic.json': MessageVectors;
  readonly 'receipts.json': ReceiptVectors;
  readonly 'manifests.json': ManifestVectors;
  readonly 'directory.json': DirectoryVectors;
  readonly 'padding.json': PaddingVectors;
  readonly 'at-rest.json': AtRestVectors;
}

/** The vectors of one file. */
export function readVectors<F extends keyof Vectors>(file: F): Vectors[F] {
  return JSON.parse(readFileSync(path.join(__dirname, file), 'utf8')) as Vectors[F];
}
