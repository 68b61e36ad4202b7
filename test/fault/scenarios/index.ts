import { NETWORK } from './network';
import type { Scenario } from './scenario';

export { missing, type Need } from './needs';
export { runScenario, type ScenarioOutcome } from './run-scenario';
export type { Scenario, ScenarioContext, ScenarioResult } from './scenario';

/** Every further fault, as data. */
export const SCENARIOS: readonly Scenario[] = [...NETWORK];
