/**
 * Traffic light for a street with a pedestrian crossing.
 * The machine is a pure reducer: (state, event) -> state, with states as a tagged union.
 */

type TimedPhase = "amber" | "allRed" | "crossTraffic" | "clearance" | "redAmber";

type LightState =
  | { readonly phase: "green"; readonly elapsed: number; readonly request: boolean }
  | { readonly phase: TimedPhase; readonly remaining: number; readonly request: boolean }
  | { readonly phase: "walk"; readonly remaining: number; readonly request: false };

type LightEvent = "tick" | "button";

const GREEN_SECONDS = { minimum: 5, maximum: 12 } as const;

const DURATION = {
  amber: 3,
  allRed: 2,
  crossTraffic: 6,
  walk: 5,
  clearance: 3,
  redAmber: 1,
} as const satisfies Record<Exclude<LightState["phase"], "green">, number>;

export const initialState: LightState = { phase: "green", elapsed: 0, request: false };

function enter(phase: TimedPhase | "green", request: boolean): LightState {
  if (phase === "green") return { phase, elapsed: 0, request };
  return { phase, remaining: DURATION[phase], request };
}

function onTimeout(state: Exclude<LightState, { phase: "green" }>): LightState {
  switch (state.phase) {
    case "amber":
      return enter("allRed", state.request);
    case "allRed":
      return state.request
        ? { phase: "walk", remaining: DURATION.walk, request: false }
        : enter("crossTraffic", false);
    case "walk":
      return enter("clearance", false);
    case "crossTraffic":
    case "clearance":
      return enter("redAmber", state.request);
    case "redAmber":
      return enter("green", state.request);
  }
}

export function reduce(state: LightState, event: LightEvent): LightState {
  if (event === "button") {
    return state.phase === "walk" ? state : { ...state, request: true };
  }
  if (state.phase === "green") {
    const elapsed = state.elapsed + 1;
    const limit = state.request ? GREEN_SECONDS.minimum : GREEN_SECONDS.maximum;
    return elapsed >= limit ? enter("amber", state.request) : { ...state, elapsed };
  }
  const remaining = state.remaining - 1;
  return remaining > 0 ? { ...state, remaining } : onTimeout(state);
}

function* script(presses: ReadonlySet<number>, seconds: number): Generator<[number, LightEvent]> {
  for (let second = 1; second <= seconds; second++) {
    if (presses.has(second)) yield [second, "button"];
    yield [second, "tick"];
  }
}

let state: LightState = initialState;
for (const [second, event] of script(new Set([7, 9, 14, 31, 58]), 75)) {
  const before: LightState = state;
  state = reduce(before, event);
  const stamp = `t=${second.toString().padStart(2, "0")}`;
  if (event === "button") console.log(stamp, before === state ? "button ignored" : "pedestrian request");
  if (before.phase !== state.phase) console.log(stamp, `${before.phase} => ${state.phase}`);
}
