export { dutiesOf } from './duties';
export { dutyKey, type Duty, type DutyContext, type Mark } from './duty';
export { machineDeadlines, nextMachineDeadline, type MachineEvent, type MessageProgress } from './machine';
export { nextMark, passedMarks, type PassedMark } from './marks';
export { deadlinesFor, readOverrides, type Overrides } from './overrides';
export { closedBySilence } from './silence';
export { DEADLINES, type Deadline, type DeadlineId, type Deadlines } from './table';
export { dueAfter, dueBefore, type Place, type Term } from './term';
export { addWorkingDays, type Due } from './working-days';
