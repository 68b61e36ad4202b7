// Runs public test vectors through Trao's own code. For the command line and for tests: no serving process imports it.
export { checkVectors, type Report } from './check';
export { readFolder } from './read-folder';
export { isClean, type CaseRemark, type SuiteResult } from './suite';
export { LIMITS, type DamagedFile, type Limits, type VectorFile } from './vector-file';
export { COUNTS, type Count } from './verdict';
