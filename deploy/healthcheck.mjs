// Asks the process in this container whether it is ready: exit 0 when it is. Docker runs it (HEALTHCHECK in the Dockerfile).
const port = process.env.TRAO_OPS_PORT;
const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(4000) }).catch(
  () => undefined,
);
process.exitCode = answer?.ok ? 0 : 1;
