import { COUNTS, type Count, type SuiteResult } from '../../libs/conformance';

/** What a suite comes to, without the counts that are zero. */
type Totals = Readonly<Partial<Record<Count, number>>>;

const passed = (count: number): Totals => ({ passed: count });
/** Of an algorithm that Trao does not have: its files are there to be refused as a whole. */
const refused = (count: number): Totals => ({ refusedByPolicy: count });

/** What the public vectors come to, exactly; docs/how-to/check-vectors.md says what the counts mean. */
export const TOTALS: Readonly<Record<string, Totals>> = {
  // JOSE: 649 cases, of which 527 are labelled invalid.
  'wycheproof json_web_signature': { passed: 355, refusedByPolicy: 38, disputed: 8 },
  'wycheproof json_web_encryption': { passed: 75, refusedByPolicy: 64 },
  'wycheproof json_web_crypto': { passed: 78, refusedByPolicy: 5 },
  'wycheproof json_web_key': { passed: 21, refusedByPolicy: 5 },
  // Primitives in use.
  'wycheproof aes_gcm': { passed: 66, refusedByPolicy: 250 },
  'wycheproof ecdh_secp256r1_ecpoint': passed(355),
  'wycheproof ecdh_secp256r1_webcrypto': passed(353),
  'wycheproof ecdsa_secp256r1_sha256_p1363': passed(262),
  'wycheproof ed25519': passed(151),
  'wycheproof hkdf_sha256': passed(86),
  'wycheproof hmac_sha256': { passed: 87, refusedByPolicy: 87 },
  'wycheproof mlkem_768_encaps': passed(265),
  'wycheproof mlkem_768_keygen_seed': passed(100),
  'wycheproof mlkem_768': passed(193),
  'wycheproof rsa_pss_2048_sha256_mgf1_32': { passed: 45, refusedByPolicy: 63 },
  'wycheproof rsa_pss_3072_sha256_mgf1_32': passed(108),
  'wycheproof rsa_pss_4096_sha256_mgf1_32': passed(108),
  'wycheproof x25519_jwk': passed(531),
  'wycheproof x25519': passed(518),
  // Primitives and curves that are not.
  'wycheproof a128cbc_hs256': refused(94),
  'wycheproof a256cbc_hs512': refused(94),
  'wycheproof aes_wrap': refused(165),
  'wycheproof ecdh_secp384r1_webcrypto': { passed: 23, refusedByPolicy: 771 },
  'wycheproof ecdsa_secp384r1_sha384_p1363': refused(280),
  'wycheproof mldsa_65_verify': refused(210),
  'wycheproof rsa_oaep_2048_sha256_mgf1sha256': refused(37),
  'wycheproof rsa_oaep_3072_sha256_mgf1sha256': refused(37),
  'wycheproof rsa_oaep_4096_sha256_mgf1sha256': refused(37),
  'wycheproof rsa_signature_2048_sha256': refused(259),
  'jose-hpke-pq-examples': passed(40),
  'jose-hpke-pq-examples, one bit flipped': passed(180),
  'jose-cookbook': { passed: 54, refusedByPolicy: 11 },
  'jose-cookbook, nested': passed(4),
  'jose-cookbook, one bit flipped': passed(214),
  'json-schema': { passed: 673, refusedByPolicy: 1550, disputed: 2 },
  'x509-limbo': { passed: 106, refusedByPolicy: 6, disputed: 57, notRun: 38 },
  'x509-limbo, another key pinned': passed(169),
  // README.md, licences, the ASVS.
  'not recognised': { notRun: 9 },
};

export const totalsOf = (suite: SuiteResult): Totals =>
  Object.fromEntries(COUNTS.map((count) => [count, suite[count]] as const).filter(([, number]) => number > 0));

/** The table of totals, for people. */
export function tableOf(suites: readonly SuiteResult[]): string {
  const rows = suites.map((suite) => [
    suite.name,
    ...(['cases', ...COUNTS] as const).map((count) => String(suite[count])),
  ]);
  const table = [['suite', 'cases', ...COUNTS], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
