/** Names under which Nest hands plain values to controllers. */
export const ACCEPT_PORTS = Symbol('AcceptPorts');
export const SETTLE_PORTS = Symbol('SettlePorts');
export const PIECE_PORTS = Symbol('PiecePorts');
export const LIMITS = Symbol('PartnerLimits');
export const MANIFEST_PORTS = Symbol('ManifestPorts');
export const DIRECTORY = Symbol('Directory');
