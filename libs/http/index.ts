export { listen } from './listen';
export { nestLogger } from './nest-logger';
export { fromHttp, ProblemFilter } from './problem-filter';
export { readRawBody } from './raw-body';
