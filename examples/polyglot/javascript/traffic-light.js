/**
 * Traffic light with a pedestrian button.
 * The state machine is a table: every state has lamps, a timer and a choice of successor.
 */
import { EventEmitter } from "node:events";

const machine = {
  green: {
    lamps: "🟢",
    lasts: ({ pedestrianWaiting }) => (pedestrianWaiting ? 5 : 12),
    next: () => "amber",
  },
  amber: { lamps: "🟡", lasts: () => 3, next: () => "allRed" },
  allRed: {
    lamps: "🔴",
    lasts: () => 2,
    next: ({ pedestrianWaiting }) => (pedestrianWaiting ? "walk" : "crossTraffic"),
  },
  crossTraffic: { lamps: "🔴", lasts: () => 6, next: () => "redAmber" },
  walk: { lamps: "🔴", lasts: () => 5, next: () => "clearance" },
  clearance: { lamps: "🔴", lasts: () => 3, next: () => "redAmber" },
  redAmber: { lamps: "🔴🟡", lasts: () => 1, next: () => "green" },
};

export class TrafficLight extends EventEmitter {
  #state = "green";
  #elapsed = 0;
  #context = { pedestrianWaiting: false };

  get state() {
    return this.#state;
  }

  requestCrossing() {
    if (this.#state === "walk") {
      this.emit("ignored");
      return;
    }
    this.#context.pedestrianWaiting = true;
    this.emit("request", this.#state);
  }

  tick() {
    this.#elapsed += 1;
    const { lasts, next } = machine[this.#state];
    if (this.#elapsed < lasts(this.#context)) return;
    this.#enter(next(this.#context));
  }

  #enter(state) {
    this.#state = state;
    this.#elapsed = 0;
    if (state === "walk") this.#context.pedestrianWaiting = false;
    this.emit("change", state, machine[state].lamps);
  }
}

function demo() {
  const presses = new Set([7, 9, 14, 31, 58]);
  const light = new TrafficLight();
  let second = 0;
  const log = (message) => console.log(`${String(second).padStart(3)}s ${message}`);
  light
    .on("change", (state, lamps) => log(`${lamps} ${state}`))
    .on("request", (state) => log(`pedestrian asks to cross (${state})`))
    .on("ignored", () => log("button ignored, walk signal is on"));

  while (second < 75) {
    second += 1;
    if (presses.has(second)) light.requestCrossing();
    light.tick();
  }
}

demo();
