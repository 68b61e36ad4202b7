import { TraoError } from '../../errors';

export type Handle = Buffer;
export interface Attribute {
  readonly type: number;
  readonly value?: Buffer | string | number | boolean;
}
export interface Mechanism {
  readonly mechanism: number;
  readonly parameter?: {
    readonly type: number;
    readonly hashAlg: number;
    readonly mgf: number;
    readonly saltLen: number;
  };
}
/** What is used of the package pkcs11js. Names are those of PKCS#11 2.40; handles are opaque. */
export interface Cryptoki {
  load(path: string): void;
  C_Initialize(options: { readonly flags: number }): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent: boolean): Handle[];
  C_GetTokenInfo(slot: Handle): { readonly label: string };
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_CloseSession(session: Handle): void;
  C_Login(session: Handle, userType: number, pin: string): void;
  C_FindObjectsInit(session: Handle, template: readonly Attribute[]): void;
  C_FindObjects(session: Handle, atMost: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(session: Handle, object: Handle, template: readonly Attribute[]): { readonly value: Buffer }[];
  C_GenerateKeyPair(
    session: Handle,
    mechanism: Mechanism,
    publicTemplate: readonly Attribute[],
    privateTemplate: readonly Attribute[],
  ): { readonly publicKey: Handle; readonly privateKey: Handle };
  C_DestroyObject(session: Handle, object: Handle): void;
  C_SignInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_SignAsync(session: Handle, data: Buffer, signature: Buffer): Promise<Buffer>;
}

/** Numbers of PKCS#11 2.40 and, for Edwards curves, 3.0 (OASIS, "header files"). The package knows no names of the latter. */
export const CK = {
  CKF_SERIAL_SESSION: 0x4,
  CKF_RW_SESSION: 0x2,
  CKF_OS_LOCKING_OK: 0x2,
  CKU_USER: 1,
  CKO_PUBLIC_KEY: 2,
  CKO_PRIVATE_KEY: 3,
  CKA_CLASS: 0x0,
  CKA_TOKEN: 0x1,
  CKA_PRIVATE: 0x2,
  CKA_LABEL: 0x3,
  CKA_SENSITIVE: 0x103,
  CKA_SIGN: 0x108,
  CKA_VERIFY: 0x10a,
  CKA_MODULUS: 0x120,
  CKA_MODULUS_BITS: 0x121,
  CKA_PUBLIC_EXPONENT: 0x122,
  CKA_EXTRACTABLE: 0x162,
  CKA_EC_PARAMS: 0x180,
  CKA_EC_POINT: 0x181,
  CKM_RSA_PKCS_KEY_PAIR_GEN: 0x0,
  CKM_RSA_PKCS_PSS: 0xd,
  CKM_SHA256: 0x250,
  CKM_EC_KEY_PAIR_GEN: 0x1040,
  CKM_ECDSA: 0x1041,
  CKM_EC_EDWARDS_KEY_PAIR_GEN: 0x1055,
  CKM_EDDSA: 0x1057,
  CKG_MGF1_SHA256: 0x2,
  /** How the package names the parameters of RSA-PSS; no number of PKCS#11. */
  CK_PARAMS_RSA_PSS: 5,
} as const;

/** The module refuses the PIN: trying again would lock the token. */
const PIN_REFUSED = [
  'CKR_PIN_INCORRECT',
  'CKR_PIN_INVALID',
  'CKR_PIN_LEN_RANGE',
  'CKR_PIN_EXPIRED',
  'CKR_PIN_LOCKED',
  'CKR_USER_PIN_NOT_INITIALIZED',
];

/** The name of the return code that a module answered with, such as `CKR_DEVICE_REMOVED`; undefined for other errors. */
export function returnCodeOf(error: unknown): string | undefined {
  return error instanceof Error ? /^CKR_[A-Z_]+/.exec(error.message)?.[0] : undefined;
}

export const refusesPin = (error: unknown) => PIN_REFUSED.includes(returnCodeOf(error) ?? '');

/** True when `error` says only that what was asked for is so already. */
export const saysAlready = (error: unknown, code: 'CKR_USER_ALREADY_LOGGED_IN' | 'CKR_CRYPTOKI_ALREADY_INITIALIZED') =>
  returnCodeOf(error) === code;

/**
 * Loads the library of a security module.
 * @throws TraoError `config_invalid` when the optional package is not there, `token_unavailable` when the library does not load
 */
export async function loadCryptoki(library: string): Promise<Cryptoki> {
  const loaded: unknown = await import('pkcs11js').catch((cause: unknown) => {
    const detail = 'The package pkcs11js is not installed. It needs a C++ compiler: npm rebuild pkcs11js';
    throw new TraoError('config_invalid', { detail, cause });
  });
  const { PKCS11 } = loaded as { readonly PKCS11: new () => Cryptoki };
  const cryptoki = new PKCS11();
  try {
    cryptoki.load(library);
  } catch (cause) {
    throw new TraoError('token_unavailable', { detail: `${library} cannot be loaded.`, cause });
  }
  return cryptoki;
}

/** Objects of a session that match. */
export function findObjects(cryptoki: Cryptoki, session: Buffer, template: readonly Attribute[]): Buffer[] {
  cryptoki.C_FindObjectsInit(session, template);
  try {
    return cryptoki.C_FindObjects(session, 2);
  } finally {
    cryptoki.C_FindObjectsFinal(session);
  }
}
