import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ALERT_KINDS, ALERT_TITLES, type AlertKind } from '../../libs/monitoring';
import { ROOT } from './cruise';
import { projectFiles } from './sources';

const FOLDER = path.join(ROOT, 'docs/runbooks');
const SECTIONS = ['What it means', 'Who is affected', 'Check', 'Fix', 'Escalate'];
const kinds = Object.keys(ALERT_KINDS) as AlertKind[];
const files = readdirSync(FOLDER).map((file) => file.replace(/\.md$/, ''));

/** Names of commands of the command line. Placeholders of runbooks are in capitals, options begin with a dash. */
const commands = new Set(
  Object.entries(projectFiles(ROOT))
    .filter(([file]) => file.startsWith('apps/cli/'))
    // By name, or from a table of names that one loop makes commands of.
    .flatMap(([, source]) => [...source.matchAll(/\.command\(\s*'([a-z-]+)|^\s*\['([a-z-]+)', '/gm)])
    .map(([, name, inTable]) => (name ?? inTable)!),
);

describe('runbooks', () => {
  it('are there for every kind of alert, and for nothing else', () => {
    expect(files.toSorted()).toEqual(kinds.toSorted());
  });

  it.each(kinds)('%s says what it means, who is affected, what to check, what to do and whom to tell', (kind) => {
    const text = readFileSync(path.join(FOLDER, `${kind}.md`), 'utf8');
    const [title, ...sections] = text.split(/^##? /m).slice(1);
    expect(title!.trim()).toBe(ALERT_TITLES[kind].en);
    expect(sections.map((section) => section.split('\n')[0])).toEqual(SECTIONS);
    const empty = sections.filter((section) => section.split('\n').slice(1).join(' ').trim().length < 20);
    expect(empty).toEqual([]);
  });

  it.each(kinds)('%s points to what is there', (kind) => {
    const text = readFileSync(path.join(FOLDER, `${kind}.md`), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#]+)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !existsSync(path.join(FOLDER, link)))).toEqual([]);
    const named = [...text.matchAll(/\btrao ([a-z]+)(?: ([a-z-]+)\b)?/g)].flatMap(([, first, second]) =>
      [first, second].filter((word) => word !== undefined),
    );
    expect(named.filter((name) => !commands.has(name) && !name.startsWith('-'))).toEqual([]);
  });
});
