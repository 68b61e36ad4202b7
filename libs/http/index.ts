export { listen } from './listen';
export { nestLogger } from './nest-logger';
export { correlationOf, observeRequests, type SeenRequest } from './observe-requests';
export { fromHttp, ProblemFilter } from './problem-filter';
export { readRawBody } from './raw-body';
