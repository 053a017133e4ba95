// INI files with sections, comments and ${section.key} interpolation.

/**
 * Parses INI text into nested plain objects, values not yet interpolated.
 * @param {string} text
 * @returns {Record<string, Record<string, string>>}
 */
export function parseIni(text) {
  const config = {};
  let current = null;

  text.split(/\r?\n/).forEach((rawLine, index) => {
    const line = rawLine.trim();
    if (line === "" || /^[;#]/.test(line)) return;

    const section = /^\[(.+)\]$/.exec(line)?.[1].trim();
    if (section) {
      current = config[section] ??= {};
      return;
    }

    const split = line.indexOf("=");
    if (split < 1) throw new SyntaxError(`line ${index + 1}: cannot understand "${line}"`);
    if (!current) throw new SyntaxError(`line ${index + 1}: setting outside of any section`);
    current[line.slice(0, split).trimEnd()] = line.slice(split + 1).trimStart();
  });

  return config;
}

/** Replaces every reference in place; each setting is expanded once and remembered. */
export function interpolate(config) {
  const IN_PROGRESS = Symbol("in progress");
  const done = new Map();

  function expand(section, key) {
    const name = `${section}.${key}`;
    if (done.get(name) === IN_PROGRESS) throw new Error(`${name} is defined in terms of itself`);
    if (done.has(name)) return done.get(name);

    const value = config[section]?.[key];
    if (value === undefined) throw new Error(`unknown setting ${name}`);

    done.set(name, IN_PROGRESS);
    const expanded = value.replace(/\$\{([^.}]+)\.([^}]+)\}/g, (_, s, k) => expand(s, k));
    done.set(name, expanded);
    return expanded;
  }

  const entries = Object.entries(config).map(([section, settings]) => [
    section,
    Object.fromEntries(Object.keys(settings).map((key) => [key, expand(section, key)])),
  ]);
  return Object.fromEntries(entries);
}

export const loadIni = (text) => interpolate(parseIni(text));

const sample = `
; deployment of the weather archive
[paths]
root = /srv/archive
logs = \${paths.root}/logs

[server]
host = ingest.local
port = 8043
url = http://\${server.host}:\${server.port}/v2

# the nightly job
[job]
output = \${paths.logs}/nightly-\${server.port}.txt
retries = 3
`;

console.dir(loadIni(sample));

for (const broken of ["[a]\nx = ${a.y}\ny = ${a.x}", "[a]\nx = ${b.z}", "stray = 1", "[a]\nnonsense"]) {
  try {
    loadIni(broken);
  } catch ({ message }) {
    console.log("error:", message);
  }
}
