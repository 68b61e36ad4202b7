export { PartnerClient, type ClientIdentity, type PartnerEndpoint } from './partner-client';
