import { existsSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Directory } from '../schema';
import { isDevelopmentCertificate } from '../trust';
import { readTlsFiles, type TlsFiles } from './tls-files';
import { presentedLeaf } from './tls-rehearsal';

/** Files that only a folder of development keys has; certs-dev writes them. */
const FOLDER_MARKS = ['DEVELOPMENT-KEYS.txt', 'directory-source.json'];

/** What of the files of a process is of development. @param places files and folders by the setting that names them */
export async function fileFaults(
  places: Readonly<Record<string, string>>,
  directoryFile: string,
  tls: TlsFiles | undefined,
): Promise<string[]> {
  const folders = Object.entries(places).flatMap(([setting, place]) => {
    const home = developmentFolder(place);
    const next = 'make keys of your own with: trao keys generate';
    return home === undefined ? [] : [`${setting}: ${place} lies among the development keys of ${home}: ${next}`];
  });
  return [...folders, ...(await ownCertificateFaults(tls)), ...(await directoryFaults(directoryFile))];
}

/** The folder of development keys that a file lies in, however it is linked there. */
function developmentFolder(place: string): string | undefined {
  let folder: string;
  try {
    folder = realpathSync(place);
  } catch {
    return undefined; // what is not there is somebody else's fault to name
  }
  for (;;) {
    if (FOLDER_MARKS.some((mark) => existsSync(join(folder, mark)))) return folder;
    if (dirname(folder) === folder) return undefined;
    folder = dirname(folder);
  }
}

async function ownCertificateFaults(tls: TlsFiles | undefined): Promise<string[]> {
  // Files that hold no certificate stop the start by themselves, with their own reason.
  const leaf = tls && (await readTlsFiles(tls).then(presentedLeaf, () => undefined));
  if (!tls || !leaf || !isDevelopmentCertificate(leaf)) return [];
  const [setting, file] = 'pfx' in tls ? ['TRAO_TLS_PFX', tls.pfx] : ['TRAO_TLS_CERT', tls.cert];
  const next = 'get one of your own authority for a request made with: trao keys csr';
  return [`${setting}: ${file} is a certificate of the development CA: ${next}`];
}

/**
 * A directory of production with a development CA is never adopted; this says so, and what to do, before it is tried. Nothing is
 * verified here, and nothing is done with the document but the look for the mark.
 */
async function directoryFaults(file: string): Promise<string[]> {
  try {
    const { payload } = JSON.parse(await readFile(file, 'utf8')) as { payload: string };
    const { nodes } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Directory;
    const marked = nodes.filter(({ tls }) => tls.ca.some((pem) => isDevelopmentCertificate(derOf(pem))));
    const next = 'have a version without it signed, see: trao directory propose';
    return marked.map(({ id }) => `TRAO_DIRECTORY: ${file} pins a development CA for ${id}: ${next}`);
  } catch {
    return []; // the keeper of the directory says what is wrong with it
  }
}

const derOf = (pem: string) => Buffer.from(pem.replaceAll(/-----[A-Z ]+-----/g, ''), 'base64');
