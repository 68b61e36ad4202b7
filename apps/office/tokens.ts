/** Names under which Nest hands plain values to controllers. */
export const CLIENTS = Symbol('Clients');
export const SEND_PORTS = Symbol('SendPorts');
export const READ_PORTS = Symbol('ReadPorts');
export const DRAFT_PORTS = Symbol('DraftPorts');
export const NOTES_PORTS = Symbol('NotesPorts');
export const FILE_PORTS = Symbol('FilePorts');
export const CASE_FILE_PORTS = Symbol('CaseFilePorts');
export const SELF = Symbol('Self');
export const SIGNED_DIRECTORY = Symbol('SignedDirectory');
export const ACCESS_PORTS = Symbol('AccessPorts');
export const SETTINGS_PORTS = Symbol('SettingsPorts');
/** Whether this office sends mail. */
export const MAILS = Symbol('Mails');
