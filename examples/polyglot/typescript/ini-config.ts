/**
 * Typed access to INI files: sections, comments, ${section.key} interpolation.
 */

type Settings = ReadonlyMap<string, string>;

type Line =
  | { kind: "blank" }
  | { kind: "section"; name: string }
  | { kind: "setting"; key: string; value: string };

export class IniError extends Error {
  override readonly name = "IniError";
}

function classify(text: string, lineNumber: number): Line {
  const line = text.trim();
  if (!line || line.startsWith(";") || line.startsWith("#")) return { kind: "blank" };

  const section = line.match(/^\[([^\]]+)\]$/);
  if (section?.[1]) return { kind: "section", name: section[1].trim() };

  const [key = "", ...rest] = line.split("=");
  if (rest.length === 0) throw new IniError(`line ${lineNumber} has no "=": ${line}`);
  return { kind: "setting", key: key.trim(), value: rest.join("=").trim() };
}

export class IniConfig {
  private constructor(private readonly settings: Settings) {}

  static parse(source: string): IniConfig {
    const settings = new Map<string, string>();
    let prefix = "";
    for (const [index, text] of source.split("\n").entries()) {
      const line = classify(text, index + 1);
      switch (line.kind) {
        case "section":
          prefix = `${line.name}.`;
          break;
        case "setting":
          settings.set(prefix + line.key, line.value);
          break;
        case "blank":
          break;
      }
    }
    return new IniConfig(settings);
  }

  /** The value of "section.key" with all references replaced. */
  string(path: string): string {
    return this.resolve(path, new Set());
  }

  number(path: string): number {
    const value = Number(this.string(path));
    if (Number.isNaN(value)) throw new IniError(`${path} is not a number`);
    return value;
  }

  *paths(section?: string): Iterable<string> {
    for (const path of this.settings.keys()) {
      if (section === undefined || path.startsWith(`${section}.`)) yield path;
    }
  }

  private resolve(path: string, visiting: ReadonlySet<string>): string {
    if (visiting.has(path)) throw new IniError(`cycle: ${[...visiting, path].join(" > ")}`);
    const value = this.settings.get(path);
    if (value === undefined) throw new IniError(`no such setting: ${path}`);
    const inner = new Set([...visiting, path]);
    return value.replace(/\$\{([\w.-]+)\}/g, (_, reference: string) => this.resolve(reference, inner));
  }
}

const config = IniConfig.parse(`
  ; deployment of the weather archive
  [paths]
  root = /srv/archive
  logs = \${paths.root}/logs

  [server]
  host = ingest.local
  port = 8043
  url = http://\${server.host}:\${server.port}/v2

  [job]
  output = \${paths.logs}/nightly-\${server.port}.txt
  retries = 3
`);

for (const path of config.paths()) console.log(`${path}: ${config.string(path)}`);
console.log("next port:", config.number("server.port") + 1);
