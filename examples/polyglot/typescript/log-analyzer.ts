/** Access-log analysis: status counts, slowest endpoints and latency percentiles. */

interface AccessRecord {
  readonly client: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly latencyMs: number;
}

type ParseResult = { ok: true; record: AccessRecord } | { ok: false; line: number; text: string };

export interface Summary {
  readonly statusClasses: Map<string, number>;
  readonly slowest: ReadonlyArray<readonly [endpoint: string, meanMs: number]>;
  readonly percentiles: Readonly<Record<number, number>>;
  readonly rejected: readonly number[];
}

/** Splits on blanks but keeps "quoted" and [bracketed] fields together. */
function fields(line: string): string[] {
  return Array.from(line.matchAll(/"([^"]*)"|\[([^\]]*)\]|(\S+)/g), ([, quoted, bracketed, bare]) => {
    return quoted ?? bracketed ?? bare ?? "";
  });
}

function parseLine(text: string, index: number): ParseResult {
  const bad: ParseResult = { ok: false, line: index + 1, text };
  const [client, , , , request, status, , latency] = fields(text);
  if (client === undefined || request === undefined || latency === undefined) return bad;

  const [method, target] = request.split(" ");
  const record = {
    client,
    method: method ?? "",
    path: target?.split("?")[0] ?? "",
    status: Number(status),
    latencyMs: Number(latency),
  };
  const plausible = record.path.startsWith("/") && Number.isInteger(record.status + record.latencyMs);
  return plausible ? { ok: true, record } : bad;
}

function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

export function nearestRank(ascending: readonly number[], percent: number): number {
  const rank = Math.ceil((percent * ascending.length) / 100);
  return ascending[Math.max(rank, 1) - 1] ?? Number.NaN;
}

export function summarize(log: string, top = 3): Summary {
  const records: AccessRecord[] = [];
  const rejected: number[] = [];
  log.trimEnd().split("\n").map(parseLine).forEach((result) => {
    if (result.ok) records.push(result.record);
    else rejected.push(result.line);
  });

  const mean = (group: AccessRecord[]) => group.reduce((sum, r) => sum + r.latencyMs, 0) / group.length;
  const byEndpoint = groupBy(records, (r) => `${r.method} ${r.path}`);
  const byStatus = groupBy(records, (r) => `${Math.floor(r.status / 100)}xx`);
  const latencies = records.map((r) => r.latencyMs).sort((a, b) => a - b);

  return {
    statusClasses: new Map([...byStatus].map(([name, group]) => [name, group.length])),
    slowest: [...byEndpoint]
      .map(([endpoint, group]) => [endpoint, mean(group)] as const)
      .sort(([, a], [, b]) => b - a)
      .slice(0, top),
    percentiles: Object.fromEntries([50, 90, 99].map((p) => [p, nearestRank(latencies, p)])),
    rejected,
  };
}

const sample = `\
203.0.113.7 - - [12/Mar/2024:08:15:01 +0000] "GET /api/cart HTTP/1.1" 200 512 84
203.0.113.7 - - [12/Mar/2024:08:15:04 +0000] "POST /api/checkout HTTP/1.1" 201 230 412
198.51.100.23 - - [12/Mar/2024:08:15:09 +0000] "GET /api/cart HTTP/1.1" 200 498 91
198.51.100.23 - - [12/Mar/2024:08:15:09 +0000] "GET /static/logo.svg HTTP/1.1" 304 - 3
192.0.2.80 - eve [12/Mar/2024:08:15:30 +0000] "POST /api/checkout HTTP/1.1" 500 61 1290
192.0.2.80 - eve [12/Mar/2024:08:15:41 +0000] "GET /search?q=lamp HTTP/2" 200 8812 267
-- rotated by logkeeper --
203.0.113.99 - - [12/Mar/2024:08:16:02 +0000] "GET /api/cart HTTP/1.1" 404 17 12
203.0.113.99 - - [12/Mar/2024:08:16:20 +0000] "GET /search?q=rug HTTP/2" 200 7300 301
`;

console.log(summarize(sample));
