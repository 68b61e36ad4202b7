/**
 * The package is optional: where it could not be built, the sources of Trao still compile. What is used of it stands in cryptoki.ts.
 */
declare module 'pkcs11js' {}
