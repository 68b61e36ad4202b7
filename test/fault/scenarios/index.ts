export { SCENARIOS } from './all';
export { missing, notInstalled, type Need } from './needs';
export { runScenario, type ScenarioOutcome } from './run-scenario';
export type { Scenario, ScenarioContext, ScenarioResult } from './scenario';
