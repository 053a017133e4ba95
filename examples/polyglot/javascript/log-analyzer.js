#!/usr/bin/env node
/**
 * Access-log statistics. Reads a log from standard input line by line; when the
 * terminal is interactive a built-in sample is analysed.
 */

import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

const sample = [
  '203.0.113.7 - - [12/Mar/2024:08:15:01 +0000] "GET /api/cart HTTP/1.1" 200 512 84',
  '203.0.113.7 - - [12/Mar/2024:08:15:04 +0000] "POST /api/checkout HTTP/1.1" 201 230 412',
  '198.51.100.23 - - [12/Mar/2024:08:15:09 +0000] "GET /api/cart HTTP/1.1" 200 498 91',
  '198.51.100.23 - - [12/Mar/2024:08:15:09 +0000] "GET /static/logo.svg HTTP/1.1" 304 - 3',
  '192.0.2.80 - eve [12/Mar/2024:08:15:30 +0000] "POST /api/checkout HTTP/1.1" 500 61 1290',
  '192.0.2.80 - eve [12/Mar/2024:08:15:41 +0000] "GET /search?q=lamp HTTP/2" 200 8812 267',
  '-- rotated by logkeeper --',
  '203.0.113.99 - - [12/Mar/2024:08:16:02 +0000] "GET /api/cart HTTP/1.1" 404 17 12',
  '203.0.113.99 - - [12/Mar/2024:08:16:20 +0000] "GET /search?q=rug HTTP/2" 200 7300 301',
];

const pattern = /^(?<ip>\S+) .*?"(?<method>[A-Z]+) (?<url>\S+) [^"]+" (?<status>\d{3}) (?:\d+|-) (?<ms>\d+)$/;

export function parseLine(line) {
  const groups = pattern.exec(line)?.groups;
  if (!groups) return null;
  const { pathname } = new URL(groups.url, 'http://localhost');
  return {
    ip: groups.ip,
    endpoint: `${groups.method} ${pathname}`,
    status: Number(groups.status),
    ms: Number(groups.ms),
  };
}

/** Nearest rank; `sorted` is in ascending order. */
export const percentile = (sorted, p) => sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)];

class AccessStats {
  statuses = new Map();
  endpoints = new Map();
  visitors = new Set();
  malformed = 0;

  add(line) {
    const hit = parseLine(line);
    if (hit === null) {
      this.malformed += 1;
      return;
    }
    this.visitors.add(hit.ip);
    this.statuses.set(hit.status, (this.statuses.get(hit.status) ?? 0) + 1);
    const times = this.endpoints.get(hit.endpoint) ?? [];
    times.push(hit.ms);
    this.endpoints.set(hit.endpoint, times);
  }

  slowest(count) {
    return [...this.endpoints]
      .map(([endpoint, times]) => ({ endpoint, mean: times.reduce((a, b) => a + b) / times.length }))
      .sort((a, b) => b.mean - a.mean)
      .slice(0, count);
  }

  summary() {
    const latencies = [...this.endpoints.values()].flat().sort((a, b) => a - b);
    return {
      requests: latencies.length,
      malformed: this.malformed,
      visitors: this.visitors.size,
      statuses: Object.fromEntries(this.statuses),
      slowest: this.slowest(3).map(({ endpoint, mean }) => `${endpoint} (${mean.toFixed(1)} ms)`),
      latency: Object.fromEntries([50, 75, 90, 99].map((p) => [`p${p}`, percentile(latencies, p)])),
    };
  }
}

export async function analyze(lines) {
  const stats = new AccessStats();
  for await (const line of lines) {
    if (line.trim() !== '') stats.add(line.trim());
  }
  return stats.summary();
}

const useSample = process.stdin.isTTY || process.argv.includes('--sample');
const source = useSample ? Readable.from(sample) : createInterface({ input: process.stdin });
console.dir(await analyze(source), { depth: 3 });
