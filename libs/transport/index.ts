export { type PartnerEndpoint, type ShownCertificate } from './partner-agents';
export { PartnerClient } from './partner-client';
export { probePartner, type ProbePorts } from './probe';
