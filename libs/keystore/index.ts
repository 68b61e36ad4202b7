export { FileKeystore, type KeyFile } from './file-keystore';
export { makeDevelopmentCa, makeDevelopmentCertificate, type CertificateFiles } from './tls-files';
