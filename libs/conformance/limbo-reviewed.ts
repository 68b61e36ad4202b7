import { digestOf } from '../envelope';
import { shapeOf } from './certificate-shape';
import type { Members } from './recognise';

/**
 * Cases of x509-limbo in which we decide otherwise than the label, each looked at. Why none of them lets somebody in: whoever wants
 * to be taken for a partner needs the private key that the directory pins, and a certificate from the authority that it pins.
 */
const NAMES = 'about the spelling of names: no name is looked at, identity is the pinned key';
const KEY_IDS = 'about key identifiers, which only help to find an issuer: the signature decides who it is';
const FORM =
  'about the form of an extension, or where it may stand: what it forbids is enforced all the same, or it grants nothing';
const HALF_RIGHTS = 'an authority by one extension and not by the other: OpenSSL lets it issue nothing';
const USAGE = 'rules of browsers for key usage: without a restriction a certificate may be that of a TLS peer';
const RSA_2052 = 'rule of browsers: an RSA key whose length is no multiple of 8, and longer than 2048 bits';
const ONE_PATH = 'of several paths one is tried: a partner sends the one that holds';

/** By `fingerprintOf`. */
const REVIEWED: ReadonlyMap<string, string> = new Map([
  ['0oKBrcUanVjFMtXAc2TnfEd1q_YLQWR_a9DOnEvxHWo', NAMES], // cve::cve-2025-61727
  ['lVHWUvdsZfhH1Ywof1_b8bFHPdy-J0OTpMNHf8fGcAU', NAMES], // rfc5280::nc::invalid-dnsname-leading-period
  ['Tv0FgpyqF9A_Dn8XCgTaEigF4kPWtDyE83KL74mHZC8', NAMES], // rfc5280::nc::nc-permits-invalid-dns-san
  ['4MC52H4zLe15_2yec-UOktOI-y20X2G5P6DIn6aEEqY', NAMES], // rfc5280::nc::nc-permits-invalid-email-san
  ['0QwDTSzy214ed4YzQDTF9I5-s2qkW6GveVvcfvI6DQg', NAMES], // rfc5280::nc::nc-forbids-dnsname-wildcard-san
  ['fWv2u-t5qZP4OA5hjI2mbyi_Pgjbcjt1lOZy9Ssl96A', NAMES], // rfc5280::san::underscore-dns
  ['U9LJHw2n-Q9uZT-fiiQfOHr3yLDK079qYp907PtBiz0', NAMES], // webpki::cn::ipv4-hex-mismatch
  ['SIMLQNvKqP4IyzLHxOxQf3cyyVZMP6ui5WPmbhrQQio', NAMES], // webpki::cn::ipv4-leading-zeros-mismatch
  ['66zQelpaCPPfWdhaKj_THFjxFpxY7TqZsEnR36WbkbY', NAMES], // webpki::cn::ipv6-uppercase-mismatch
  ['WVBvBJcytk7kI0xlEtKUYntc40thsTboT4ypDS-FiIA', NAMES], // webpki::cn::ipv6-uncompressed-mismatch
  ['akQjIsaGLjyQHGfu9LlveUpEsqNvWSQL3D9f-LZZlQg', NAMES], // webpki::cn::ipv6-non-rfc5952-mismatch
  ['J-sq519OLem9P2euw86erySZzmjkbRhcJwU2TPsNdUc', NAMES], // webpki::cn::punycode-not-in-san
  ['MLqdFyeSQnkksUNIjNpJ_-hG_A8LXzVU__hBYoWNCBI', NAMES], // webpki::cn::utf8-vs-punycode-mismatch
  ['XtSK7siDmvLQtUFoydzISWsW4U-DMC75DyoTbrvvSjQ', NAMES], // webpki::cn::not-in-san
  ['9hZSNACeeAkOidsBWyMAycXpbnmc38VnTA14Nxnt3iM', NAMES], // webpki::cn::case-mismatch
  ['AJZ1o1V6PS-o2jGpz7b8_6gQR-Tg5fjcNoMo0PI1ujE', NAMES], // webpki::san::public-suffix-multi-label-wildcard-san
  ['PJM9u92DjkgG6ZTKblANSD_3qR-sljKBxrnxs5pYpOA', NAMES], // webpki::san::public-suffix-private-namespace-wildcard-san
  ['fxDKVWFac_WnC-ocpBOaZdgTK8ZPLDxxmPkRxWeItWA', NAMES], // webpki::san::wildcard-embedded-leftmost-san
  ['EwmpToQHsR9ZStdWQt_xkXf0PVS2upGLtHQ72qOYN08', KEY_IDS], // rfc5280::aki::leaf-missing-aki
  ['c2oshZZh7Z1bNwlbr64iR0tXFCw6jCrGxlL7_M2eHGU', KEY_IDS], // rfc5280::aki::intermediate-missing-aki
  ['Kah9L0IWKBFF58BsFkwzc_T9LqXaJaU4zA8ige1Stuc', KEY_IDS], // rfc5280::ski::root-missing-ski
  ['1L18TyDPJrtltQEDqJ6uDmD9vnsMQUafXjjeARkgaCQ', KEY_IDS], // rfc5280::ski::intermediate-missing-ski
  ['tf7npD3FPGS1oYeUx2Pe0a4g_RwS_YyNNYEwBGuW_1Q', KEY_IDS], // webpki::aki::root-with-aki-missing-keyidentifier
  ['ItD473s_Mk8IXH-VwWLHPmaG_Fx_kZ9r1Zc6Ln0T1eQ', FORM], // rfc5280::nc::permitted-dns-match-noncritical
  ['NuxbDAHj0-dpOsLWebEMy4DNuXbbFpX9aUP0p3yifwo', FORM], // rfc5280::nc::not-allowed-in-ee-noncritical
  ['hnPuG0RTbS3W26OIxvOXpW903wtdOIqh_SadzRe_hYs', FORM], // rfc5280::nc::not-allowed-in-ee-critical
  ['yC5MA64lNZBpNpM7jAV1H-xPDYqrFTCdGhYKmyi74e0', FORM], // rfc5280::pc::ica-noncritical-pc
  ['WtHrvxN4vH7cdwyGhcR7NcWs3oRxO-0npiPjzPhZaN0', FORM], // rfc5280::san::noncritical-with-empty-subject
  ['IZlwm5s9pQD5a7NoRVEDr1R_-sDnon5xArWxT7-byV4', FORM], // rfc5280::root-non-critical-basic-constraints
  ['LVOQISOwW20DxXJ9h9ceAonwb32ndln1kdg1P4FntXA', FORM], // webpki::eku::ee-critical-eku
  ['c1AegpEc-hdbe8Mk0GmoFiCkShGlRlR2SPAgg3XhKe4', FORM], // webpki::nc::intermediate-permitted-excluded-subtrees-both-null
  ['ziyB0yy3DJNasybBxpMv9rOFI1U7lXWn_70M2k3TQ_k', FORM], // webpki::nc::intermediate-permitted-excluded-subtrees-both-empty-sequences
  ['gMBDIxWPyi4wqU6oScXBxoT0f8lkqKb4zcpp4AyZ-nI', FORM], // webpki::san::san-critical-with-nonempty-subject
  ['hXnnMCKn2cFsST5msAQDe_JXMh03ncOF0c776e_Y0Ys', FORM], // webpki::malformed-aia
  ['G6w9VGMF3vMxtmb1YU4rNsGivsOV1Fp1HzdLdmOuI3c', HALF_RIGHTS], // rfc5280::leaf-ku-keycertsign
  ['Hm9ReMDyDAM3A5iWz7-L6z05BdUth7fFy5A7_QelSxs', HALF_RIGHTS], // webpki::ee-basicconstraints-ca
  ['Kc-OROPXmWS5Bh2RYtKTLHb4LYTsQp_iMksw_ohv_Ec', USAGE], // webpki::eku::ee-anyeku
  ['BkT1UdPufyuwPPN1YAhXG62w4dvh8jGqyrXVQlXRMpk', USAGE], // webpki::eku::ee-without-eku
  ['CiWURwI5kx7rD6Acv74D1hIyYkDSZZvwwauTakBl8W4', USAGE], // webpki::eku::root-has-eku
  ['jKjsZmW7RFyM2AWme1jllSryfwP51k9E0sFpeJXyqNo', RSA_2052], // webpki::forbidden-rsa-not-divisible-by-8-in-root
  ['ofikJ7HBRcGjaJX83-0avQ2hT3HzcFuxAh3UQ56MGbg', RSA_2052], // webpki::forbidden-rsa-key-not-divisible-by-8-in-leaf
  ['sp-M81vDJuqfJOAEjhrvUQWiN_eRSjF6D2VCRrv9nIQ', ONE_PATH], // pathological::multiple-chains-expired-intermediate
  ['3E1lPJKvTETF5WBKiV2NvwSyeRoVhNbjgA5cBggYh0g', ONE_PATH], // rfc5280::nc::nc-forbids-alternate-chain-ica
]);

/** Why we decide otherwise than the label of a case; undefined when nobody has looked at it. */
export const reviewOf = (testcase: Members): string | undefined => REVIEWED.get(fingerprintOf(testcase));

/** What a case is about, whatever its keys: the suite is generated anew with others. Another case with the same id is not meant. */
export function fingerprintOf(testcase: Members): string {
  const { id, description, validation_kind, expected_result, expected_peer_name, features } = testcase;
  const certificates = [
    testcase['peer_certificate'],
    testcase['untrusted_intermediates'],
    testcase['trusted_certs'],
  ].flat();
  const shapes = certificates.map((pem) => shapeOf(String(pem)));
  return digestOf(
    JSON.stringify([id, description, validation_kind, expected_result, expected_peer_name, features, shapes]),
  );
}
