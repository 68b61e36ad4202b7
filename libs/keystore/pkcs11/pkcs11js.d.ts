/**
 * The part of pkcs11js that is used here. Declared by us, because the package is optional: where it could not be built, the sources
 * of Trao still compile. Names are those of PKCS#11 2.40; handles are opaque.
 */
declare module 'pkcs11js' {
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
  export class PKCS11 {
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
}
