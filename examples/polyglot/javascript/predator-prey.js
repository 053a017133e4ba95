// Predator and prey after Lotka and Volterra: a generic Runge-Kutta 4 integrator over
// plain arrays, and an ASCII chart of the two populations.

const HARE = 0;
const LYNX = 1;

const rates = { alpha: 1.1, beta: 0.4, delta: 0.1, gamma: 0.4 };

const lotkaVolterra = ({ alpha, beta, delta, gamma }) => ([hares, lynxes]) => [
  hares * (alpha - beta * lynxes),
  lynxes * (delta * hares - gamma),
];

const conserved = ({ alpha, beta, delta, gamma }, [hares, lynxes]) =>
  delta * hares - gamma * Math.log(hares) + beta * lynxes - alpha * Math.log(lynxes);

/** Yields [time, state] pairs, starting with the initial state itself. */
export function* rungeKutta4(derivative, initial, dt, until) {
  const nudge = (state, slope, h) => state.map((v, i) => v + h * slope[i]);
  const steps = Math.round(until / dt);
  let state = initial;
  for (let n = 0; n <= steps; n += 1) {
    yield [n * dt, state];
    const k1 = derivative(state);
    const k2 = derivative(nudge(state, k1, dt / 2));
    const k3 = derivative(nudge(state, k2, dt / 2));
    const k4 = derivative(nudge(state, k3, dt));
    state = state.map((v, i) => v + (dt * (k1[i] + 2 * (k2[i] + k3[i]) + k4[i])) / 6);
  }
}

export function asciiPlot(samples, { width = 72, height = 16 } = {}) {
  const top = Math.max(...samples.flatMap(([, state]) => state));
  const level = (value) => Math.round((value / top) * (height - 1));
  const columns = Array.from({ length: width }, (_, i) => {
    const [, state] = samples[Math.floor((i * (samples.length - 1)) / (width - 1))];
    return [level(state[HARE]), level(state[LYNX])];
  });
  const glyph = (row) => ([hare, lynx]) => {
    if (row === hare && row === lynx) return "*";
    if (row === hare) return "h";
    return row === lynx ? "L" : " ";
  };
  const lines = [];
  for (let row = height - 1; row >= 0; row -= 1) {
    const label = ((top * row) / (height - 1)).toFixed(1).padStart(6);
    lines.push(`${label} |${columns.map(glyph(row)).join("")}`.trimEnd());
  }
  lines.push(`${" ".repeat(7)}+${"-".repeat(width)}`);
  return lines.join("\n");
}

const samples = [...rungeKutta4(lotkaVolterra(rates), [10, 10], 0.02, 40)];
console.log(asciiPlot(samples));

const [peakTime, peak] = samples.reduce((best, s) => (s[1][HARE] > best[1][HARE] ? s : best));
console.log(`hares peak at ${peak[HARE].toFixed(3)} when t = ${peakTime.toFixed(2)}`);

const energies = samples.map(([, state]) => conserved(rates, state));
console.log(`conserved quantity drifts ${Math.abs(energies.at(-1) - energies[0]).toExponential(2)}`);
