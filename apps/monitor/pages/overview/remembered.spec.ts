import { remembered } from './remembered';

describe('what is remembered', () => {
  it('is asked once within its time, also by those who come at once', async () => {
    let time = 0;
    const ask = jest.fn(async () => time);
    const question = remembered(100, ask, () => time);
    expect(await Promise.all([question(), question()])).toEqual([0, 0]);
    time = 99;
    expect(await question()).toBe(0);
    time = 100;
    expect(await question()).toBe(100);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('is never a failure', async () => {
    const ask = jest.fn<Promise<number>, []>().mockRejectedValueOnce(new Error('no')).mockResolvedValue(7);
    const question = remembered(100, ask, () => 0);
    await expect(question()).rejects.toThrow('no');
    expect(await question()).toBe(7);
  });
});
