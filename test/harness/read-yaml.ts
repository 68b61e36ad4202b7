/**
 * Reads the part of YAML that our compose files are written in: maps and lists by indentation, texts, lists and maps in brackets, anchors
 * and merges. Whatever else is in a file is refused, so that no line is read as something that it is not.
 */
export type Yaml = string | boolean | Yaml[] | { [key: string]: Yaml };

interface Line {
  readonly number: number;
  readonly indent: number;
  readonly text: string;
}

export function readYaml(text: string): Yaml {
  const lines = text.split('\n').flatMap((line, index) => {
    if (/^\s*(#|$)/.test(line)) return [];
    if (/\t/.test(line)) throw new Error(`line ${index + 1}: a tab`);
    return [{ number: index + 1, indent: line.search(/\S/), text: line.trim() }];
  });
  const reader = new Reader(lines);
  const whole = reader.block(0);
  reader.assertEnd();
  return whole;
}

const KEY = /^(?:'([^']+)'|([A-Za-z_<][\w.<-]*)):(?:\s+(.*))?$/;

class Reader {
  private at = 0;
  private readonly anchors = new Map<string, Yaml>();

  constructor(private readonly lines: readonly Line[]) {}

  assertEnd(): void {
    const line = this.lines[this.at];
    if (line) throw fault(line, 'stands where nothing can');
  }

  block(indent: number): Yaml {
    return this.lines[this.at]?.text.startsWith('- ') ? this.list(indent) : this.map(indent);
  }

  private list(indent: number): Yaml[] {
    const items: Yaml[] = [];
    for (let line = this.here(indent); line?.text.startsWith('- '); line = this.here(indent)) {
      this.at += 1;
      items.push(this.value(line, line.text.slice(2).trim()));
    }
    return items;
  }

  private map(indent: number): Yaml {
    const own: Record<string, Yaml> = {};
    const merged: Record<string, Yaml> = {};
    for (let line = this.here(indent); line; line = this.here(indent)) {
      const [, quoted, plain, rest = ''] = KEY.exec(line.text) ?? [];
      const key = quoted ?? plain;
      if (key === undefined) throw fault(line, 'is no key with a value');
      this.at += 1;
      const value = this.valueOrBlock(line, rest);
      if (key === '<<') Object.assign(merged, value);
      else if (key in own) throw fault(line, 'is there twice');
      else own[key] = value;
    }
    return { ...merged, ...own };
  }

  private valueOrBlock(line: Line, rest: string): Yaml {
    const [, anchor, after = rest] = /^&([\w-]+)\s*(.*)$/.exec(rest) ?? [];
    const next = this.lines[this.at];
    if (after === '' && !(next && next.indent > line.indent)) throw fault(line, 'has no value');
    const value = after === '' ? this.block(next!.indent) : this.value(line, after);
    if (anchor !== undefined) this.anchors.set(anchor, value);
    return value;
  }

  private value(line: Line, text: string): Yaml {
    const [, alias] = /^\*([\w-]+)$/.exec(text) ?? [];
    if (alias !== undefined) {
      const known = this.anchors.get(alias);
      if (known === undefined) throw fault(line, 'names no anchor');
      return known;
    }
    if (text === '{}') return {};
    if (text.startsWith('[') && text.endsWith(']')) return itemsOf(text.slice(1, -1)).map((item) => scalar(line, item));
    return scalar(line, text);
  }

  /** The line that stands at this indentation; undefined where the block ends. */
  private here(indent: number): Line | undefined {
    const line = this.lines[this.at];
    if (line && line.indent > indent) throw fault(line, 'is indented too far');
    return line?.indent === indent ? line : undefined;
  }
}

/** Items between brackets; commas inside quotes are part of them. */
const itemsOf = (text: string): string[] =>
  text.match(/'[^']*'|"[^"]*"|[^,\s][^,]*/g)?.map((item) => item.trim()) ?? [];

function scalar(line: Line, text: string): string | boolean {
  const [, single, double] = /^(?:'([^']*)'|"([^"\\]*)")$/.exec(text) ?? [];
  const quoted = single ?? double;
  if (quoted !== undefined) return quoted;
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^[&*!|>%@`'"{}[\]#]/.test(text) || /\s#|:\s/.test(text)) throw fault(line, 'is of a kind that is not read');
  return text;
}

const fault = ({ number, text }: Line, what: string) => new Error(`line ${number}: "${text}" ${what}`);
