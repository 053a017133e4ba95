/** Lotka-Volterra dynamics of hares and lynxes, solved by the classical Runge-Kutta scheme. */

type Vector = readonly [prey: number, predator: number];
type Derivative = (state: Vector) => Vector;

interface Rates {
  /** Prey births. */
  readonly alpha: number;
  /** Prey lost per encounter. */
  readonly beta: number;
  /** Predators gained per encounter. */
  readonly delta: number;
  /** Predator deaths. */
  readonly gamma: number;
}

class Ecosystem {
  private time = 0;
  private readonly history: { time: number; state: Vector }[];

  constructor(private readonly rates: Rates, initial: Vector) {
    this.history = [{ time: 0, state: initial }];
  }

  get samples(): ReadonlyArray<{ time: number; state: Vector }> {
    return this.history;
  }

  get current(): Vector {
    return this.history[this.history.length - 1]!.state;
  }

  /** A constant of motion; its drift measures the error of the integrator. */
  invariant([prey, predator]: Vector): number {
    const { alpha, beta, delta, gamma } = this.rates;
    return delta * prey - gamma * Math.log(prey) + beta * predator - alpha * Math.log(predator);
  }

  run(duration: number, dt: number): this {
    const steps = Math.round(duration / dt);
    for (let i = 1; i <= steps; i++) {
      this.history.push({ time: this.time + i * dt, state: rk4(this.slope, this.current, dt) });
    }
    this.time += duration;
    return this;
  }

  private readonly slope: Derivative = ([prey, predator]) => {
    const { alpha, beta, delta, gamma } = this.rates;
    return [alpha * prey - beta * prey * predator, delta * prey * predator - gamma * predator];
  };
}

function axpy(a: number, x: Vector, y: Vector): Vector {
  return [y[0] + a * x[0], y[1] + a * x[1]];
}

export function rk4(f: Derivative, y: Vector, dt: number): Vector {
  const k1 = f(y);
  const k2 = f(axpy(dt / 2, k1, y));
  const k3 = f(axpy(dt / 2, k2, y));
  const k4 = f(axpy(dt, k3, y));
  const blend = (i: 0 | 1): number => (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]) / 6;
  return axpy(dt, [blend(0), blend(1)], y);
}

function plot(states: readonly Vector[], width: number, height: number): string {
  const top = states.reduce((max, s) => Math.max(max, ...s), 0);
  const canvas = Array.from({ length: height }, () => new Array<string>(width).fill(" "));
  for (let x = 0; x < width; x++) {
    const [prey, predator] = states[Math.floor((x * (states.length - 1)) / (width - 1))]!;
    for (const [value, mark] of [[prey, "h"], [predator, "L"]] as const) {
      const row = canvas[height - 1 - Math.round((value / top) * (height - 1))]!;
      row[x] = row[x] === " " ? mark : "*";
    }
  }
  const axis = " ".repeat(7) + "+" + "-".repeat(width);
  const rows = canvas.map((cells, i) => {
    const label = ((top * (height - 1 - i)) / (height - 1)).toFixed(1);
    return `${label.padStart(6)} |${cells.join("").trimEnd()}`;
  });
  return [...rows, axis].join("\n");
}

const forest = new Ecosystem({ alpha: 1.1, beta: 0.4, delta: 0.1, gamma: 0.4 }, [10, 10]).run(40, 0.02);
console.log(plot(forest.samples.map((s) => s.state), 72, 16));
const peak = forest.samples.reduce((a, b) => (b.state[0] > a.state[0] ? b : a));
console.log(`peak of the hares: ${peak.state[0].toFixed(3)} at t = ${peak.time.toFixed(2)}`);
const drift = Math.abs(forest.invariant(forest.current) - forest.invariant([10, 10]));
console.log(`invariant drift: ${drift.toExponential(2)}`);
