/** Names under which Nest hands plain values to controllers. */
export const ACCEPT_PORTS = Symbol('AcceptPorts');
export const SETTLE_PORTS = Symbol('SettlePorts');
export const PIECE_PORTS = Symbol('PiecePorts');
export const DIRECTORY = Symbol('Directory');
