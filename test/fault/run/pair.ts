import path from 'node:path';
import { makeTempFolder, removeTempFolder } from '../../harness/temp-folder';
import { NODES, startTwoNodes, THROUGH_QUEUE, type QueueKind, type TwoNodes } from '../../harness/two-nodes';
import { waitFor } from '../../harness/wait-for';
import type { FaultBuild } from '../build/fault-build';
import { FaultControl } from '../points/control';

/** Two running nodes out of a fault build, for many cells one after the other. */
export interface Pair {
  readonly queue: QueueKind;
  readonly nodes: TwoNodes;
  readonly control: FaultControl;
  stop(): Promise<void>;
}

const TRIES = 3;

/** A machine under load may miss a limit of the start, which is not what is tested here. */
export async function startPair(queue: QueueKind, build: FaultBuild, tries = TRIES): Promise<Pair> {
  const folder = makeTempFolder('faults');
  const control = new FaultControl(path.join(folder, 'control'));
  let nodes: TwoNodes | undefined;
  try {
    // Through the queue on Redis all batches, on PostgreSQL those that workers have no room for: each point is struck on both ways.
    const worker = queue === 'redis' ? THROUGH_QUEUE : {};
    nodes = await startTwoNodes(queue, { worker, faults: { ...build, folder: control.folder } });
    const started = nodes;
    await Promise.all(NODES.map((node) => waitFor(`the database of ${node}`, () => started.database(node))));
    return {
      queue,
      nodes,
      control,
      async stop() {
        await started.stop();
        removeTempFolder(folder);
      },
    };
  } catch (error) {
    await nodes?.stop().catch(() => undefined);
    removeTempFolder(folder);
    if (tries > 1) return startPair(queue, build, tries - 1);
    throw error;
  }
}
