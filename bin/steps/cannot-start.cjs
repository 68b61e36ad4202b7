/** An end that is no fault of this program; its message says what happened and what to do, so no stack is shown. */
class CannotStart extends Error {}

module.exports = { CannotStart };
