import { Option, type Command } from 'commander';
import { DEFAULT_PORT_BASE } from '../local/layout';
import { dataOption, jsonOption } from '../local/running';

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('Starts Viet Nam and the United Kingdom on this machine and tells four invented stories between them.')
    .option('--once', 'stop when the stories are told')
    .option(
      '--trouble',
      'then stop a gateway, damage a message and let a certificate end soon, for the monitors to show',
    )
    .option('--reset', 'forget everything from earlier runs first')
    .addOption(
      new Option('--port-base <n>', 'first of the ports').default(String(DEFAULT_PORT_BASE)).env('TRAO_PORT_BASE'),
    )
    .addOption(
      new Option('--suite <suite>', 'how messages are encrypted').choices(['hybrid', 'classic']).default('hybrid'),
    )
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (options) => {
      // Loaded here: the other commands start faster without the parts that run a node.
      const { runDemo } = await import('../local/run-demo.js');
      await runDemo(options);
    });
}
