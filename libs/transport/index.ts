export { type PartnerEndpoint } from './partner-agents';
export { PartnerClient } from './partner-client';
