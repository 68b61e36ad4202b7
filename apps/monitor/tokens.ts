/** Names under which Nest hands plain values to controllers. */
export const OPERATORS = Symbol('Operators');
export const SELF = Symbol('Self');
export const TELL_WAYS = Symbol('TellWays');
