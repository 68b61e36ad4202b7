import { diagnostics, settingChange } from '../../libs/monitoring';
import { desk, type Database } from '../../libs/storage';

/** The bundle of diagnostics of a node as it is now. */
export async function makeBundle({ query }: Database, node: string): Promise<object> {
  const facts = { ...(await desk.diagnosticsFacts(query)), node, madeAt: new Date(), runtime: process.version };
  return diagnostics.diagnosticsBundle(facts, settingChange.SETTINGS);
}
