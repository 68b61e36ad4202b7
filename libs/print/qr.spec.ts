import { create } from 'qrcode';
import { verificationCode } from '.';
import { qrRuns } from './qr';

const DIGEST = 'RFdMS6LqdK1L8eGEEzzb9Oc5CjaQvv9qc2RRGnDsII4';

describe('the QR code', () => {
  it('holds the digest and nothing else', () => {
    expect(verificationCode(DIGEST)).toBe(`trao:verify:${DIGEST}`);
  });

  it('is drawn as it is computed, module by module', () => {
    const { modules } = create(verificationCode(DIGEST), { errorCorrectionLevel: 'M' });
    const { size, runs } = qrRuns(verificationCode(DIGEST));
    const drawn = Array.from({ length: size * size }, () => 0);
    for (const { x, y, length } of runs) drawn.fill(1, y * size + x, y * size + x + length);
    expect(size).toBe(modules.size);
    expect(drawn).toEqual(Array.from(modules.data, Number));
  });
});
