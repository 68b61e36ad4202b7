import { parseSockets } from './wire';

const LINES = `0      0      127.0.0.1:8443 127.0.0.1:52550 bbr wscale:10,10 rto:212 bytes_sent:700 bytes_retrans:9 bytes_acked:701 bytes_received:16722 segs_out:48
0      0      [::1]:8443 [::1]:40000 cubic rto:212 bytes_received:5

`;

describe('parseSockets', () => {
  it('adds both directions of each connection', () => {
    expect([...parseSockets(LINES)]).toEqual([
      ['127.0.0.1:8443 127.0.0.1:52550', 17_422],
      ['[::1]:8443 [::1]:40000', 5],
    ]);
    expect(parseSockets('').size).toBe(0);
  });
});
