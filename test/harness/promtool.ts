import { spawnSync } from 'node:child_process';

/** The tool of Prometheus that judges alert rules: Debian's package `prometheus`. */
const found = spawnSync('promtool', ['--version'], { stdio: 'ignore' }).status === 0;

if (!found) process.stderr.write('the alert rules are not judged here: no promtool (Debian package prometheus)\n');

/** For what needs it: left out, with a line that says so, where it is not there. */
export const describeWithPromtool = found ? describe : describe.skip;

/** Whether it is missing where it must not be: in CI. */
export const promtoolMissingInCi = () => process.env['CI'] !== undefined && !found;

/** Runs it in a folder. Answers what it said, and whether it was content. */
export function promtool(folder: string, ...args: readonly string[]): { readonly ok: boolean; readonly said: string } {
  const { status, stdout, stderr, error } = spawnSync('promtool', [...args], { cwd: folder, encoding: 'utf8' });
  if (error) throw error;
  return { ok: status === 0, said: `${stdout}${stderr}` };
}
