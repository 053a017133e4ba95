/**
 * Build order of packages. The result is a list of waves: all packages of a wave can be
 * built in parallel, as everything they depend on was built in the waves before.
 */

export class CycleError extends Error {
  constructor(cycle) {
    super(`circular dependency: ${cycle.join(" -> ")}`);
    this.name = "CycleError";
    this.cycle = cycle;
  }
}

/** Gives packages that occur only as a dependency an (empty) entry of their own. */
function normalise(manifest) {
  const packages = new Map(Object.entries(manifest).map(([name, needs]) => [name, new Set(needs)]));
  for (const needed of Object.values(manifest).flat()) {
    if (!packages.has(needed)) packages.set(needed, new Set());
  }
  return packages;
}

export function buildWaves(manifest) {
  const waiting = normalise(manifest);
  const waves = [];
  while (waiting.size > 0) {
    const wave = [...waiting.keys()].filter((name) => waiting.get(name).size === 0).sort();
    if (wave.length === 0) throw new CycleError(traceCycle(waiting));
    for (const built of wave) waiting.delete(built);
    for (const needs of waiting.values()) {
      wave.forEach((built) => needs.delete(built));
    }
    waves.push(wave);
  }
  return waves;
}

function traceCycle(waiting) {
  const trail = [];
  let [name] = waiting.keys();
  while (!trail.includes(name)) {
    trail.push(name);
    [name] = waiting.get(name);
  }
  return [...trail.slice(trail.indexOf(name)), name];
}

const manifests = {
  "web shop": {
    app: ["http", "auth", "logging"],
    http: ["sockets", "logging"],
    auth: ["crypto", "storage"],
    storage: ["logging"],
  },
  compiler: {
    driver: ["parser"],
    parser: ["lexer"],
    lexer: ["tokens"],
    tokens: ["parser"],
  },
};

for (const [project, manifest] of Object.entries(manifests)) {
  console.log(`== ${project}`);
  try {
    buildWaves(manifest).forEach((wave, i) => console.log(`wave ${i + 1}: ${wave.join(", ")}`));
  } catch (error) {
    if (!(error instanceof CycleError)) throw error;
    console.log(error.message);
  }
}
