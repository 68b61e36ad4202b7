export { SCENARIOS } from './all';
export { missing, notInstalled } from './needs';
export { runScenario, type ScenarioOutcome } from './run-scenario';
export type { Scenario } from './scenario';
