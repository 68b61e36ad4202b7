import { randomBytes } from 'node:crypto';
import { ClamdServer, type ScannerManner } from '../../test/fakes/clamd-server';
import { streamOf } from '../../test/fakes/files';
import { clamdScan, noScanner } from '.';

let scanner: ClamdServer;
let address: { readonly host: string; readonly port: number };
beforeEach(async () => {
  scanner = new ClamdServer();
  address = await scanner.listen();
});
afterEach(() => scanner.close());

const unavailable = { code: 'scanner_unavailable' };

it('shows the scanner every byte, however they come', async () => {
  const bytes = randomBytes(700_000);
  const scan = clamdScan(address);
  await expect(scan(streamOf(bytes))).resolves.toBe('clean');
  await expect(scan(streamOf(bytes.subarray(0, 7), bytes.subarray(7, 300_000), bytes.subarray(300_000)))).resolves.toBe(
    'clean',
  );
  expect(scanner.heard.map((stream) => stream.equals(bytes))).toEqual([true, true]);
});

it('tells what was found', async () => {
  scanner.manner = { says: 'stream: Eicar-Test-Signature FOUND' };
  await expect(clamdScan(address)(streamOf(Buffer.from('x')))).resolves.toBe('infected');
});

it.each<[string, ScannerManner]>([
  ['an error', { says: 'INSTREAM size limit exceeded. ERROR' }],
  ['an answer before the end', { interrupts: 'INSTREAM size limit exceeded. ERROR' }],
  ['nothing', { says: '' }],
  ['a clean word in a strange sentence', { says: 'stream: NOT OK' }],
  ['a page', { says: `<html>${'x'.repeat(5_000)}` }],
  ['a closed connection', 'hangs up'],
])('takes %s for no verdict', async (_what, manner) => {
  scanner.manner = manner;
  await expect(clamdScan(address)(streamOf(randomBytes(3_000_000)))).rejects.toMatchObject(unavailable);
});

it('does not wait for ever', async () => {
  scanner.manner = 'is silent';
  await expect(clamdScan(address, 50)(streamOf(Buffer.from('x')))).rejects.toMatchObject(unavailable);
});

it('is away where nothing listens, and where none is set up', async () => {
  const { port } = address;
  await scanner.close();
  await expect(clamdScan({ host: '127.0.0.1', port })(streamOf(Buffer.from('x')))).rejects.toMatchObject(unavailable);
  await expect(noScanner(streamOf())).rejects.toMatchObject(unavailable);
  await scanner.listen(port);
});

it('passes on what went wrong with the file itself', async () => {
  await expect(clamdScan(address)(streamOf(Buffer.from('x'), new Error('damaged')))).rejects.toThrow('damaged');
});
