import { asTraoError } from '../errors';
import { openFile, type FileKey, type FileState, type Scan } from '../attachments';

/**
 * What a complete file is after a look of the scanner. Where none answers it waits: nobody opens what nobody has looked at.
 * @param sealed its content; read to the end by the scanner
 */
export async function stateAfterScan(
  file: FileKey,
  sealed: AsyncIterable<Uint8Array>,
  scan: Scan,
): Promise<Extract<FileState, 'clean' | 'infected' | 'quarantined'>> {
  try {
    return await scan(openFile(file, sealed));
  } catch (error) {
    if (asTraoError(error).code === 'scanner_unavailable') return 'quarantined';
    throw error;
  }
}
