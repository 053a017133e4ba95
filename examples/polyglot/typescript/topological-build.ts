// Resolves the build order of a package manifest. The outcome is a discriminated union rather
// than an exception: a cycle is something to show to the user, not a bug.

export type Manifest = Readonly<Record<string, readonly string[]>>;

export type BuildPlan =
  | { status: "ok"; order: string[] }
  | { status: "cycle"; cycle: string[] };

type Visit = "pending" | "active" | "done";

interface Frame {
  name: string;
  remaining: string[];
}

export function planBuild(manifest: Manifest): BuildPlan {
  const state = new Map<string, Visit>();
  const order: string[] = [];

  const open = (name: string): Frame => {
    state.set(name, "active");
    return { name, remaining: [...(manifest[name] ?? [])] };
  };

  for (const start of Object.keys(manifest)) {
    if (state.has(start)) continue;
    // An explicit stack: dependency chains may be deeper than the call stack likes.
    const stack: Frame[] = [open(start)];
    for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
      const dependency = frame.remaining.shift();
      if (dependency === undefined) {
        state.set(frame.name, "done");
        order.push(frame.name);
        stack.pop();
        continue;
      }
      switch (state.get(dependency) ?? "pending") {
        case "pending":
          stack.push(open(dependency));
          break;
        case "active":
          return { status: "cycle", cycle: closeCycle(stack, dependency) };
        case "done":
          break;
      }
    }
  }
  return { status: "ok", order };
}

function closeCycle(stack: readonly Frame[], repeated: string): string[] {
  const names = stack.map((frame) => frame.name);
  return [...names.slice(names.indexOf(repeated)), repeated];
}

export function describe(project: string, plan: BuildPlan): string {
  switch (plan.status) {
    case "ok":
      return `${project}: ${plan.order.map((name, i) => `${i + 1}.${name}`).join(" ")}`;
    case "cycle":
      return `${project}: cannot build, ${plan.cycle.join(" -> ")}`;
  }
}

const webShop: Manifest = {
  app: ["http", "auth", "logging"],
  http: ["sockets", "logging"],
  auth: ["crypto", "storage"],
  storage: ["logging"],
};

const compiler: Manifest = {
  driver: ["parser"],
  parser: ["lexer"],
  lexer: ["tokens"],
  tokens: ["parser"],
};

console.log(describe("web shop", planBuild(webShop)));
console.log(describe("compiler", planBuild(compiler)));
