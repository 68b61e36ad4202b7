import { asTraoError } from '../../libs/errors';
import { announceFailure, announceReady, exitWithParent } from '../../libs/launcher';
import { readGatewayConfig } from '../../libs/platform';
import { startGateway } from './start-gateway';

async function main(): Promise<void> {
  const gateway = await startGateway(readGatewayConfig(process.env));
  exitWithParent(() => gateway.close());
  await announceReady();
}

main().catch(async (error: unknown) => {
  await announceFailure(asTraoError(error));
  process.exit(1);
});
