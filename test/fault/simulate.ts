import { main } from './simulator/command';

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
