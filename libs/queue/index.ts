export { migrateQueue, openQueue, QUEUE_SCHEMA, type Handler, type QueueBackend, type WorkQueue } from './work-queue';
