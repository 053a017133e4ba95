"""Summarise access-log lines: status counts, slowest endpoints, latency percentiles."""

import math
import re
import sys
from collections import Counter, defaultdict
from datetime import datetime
from statistics import mean
from typing import Iterable, Iterator, NamedTuple, Optional

LINE = re.compile(
    r"""
    (?P<client>\S+) \s \S+ \s \S+ \s
    \[ (?P<when>[^\]]+) \] \s
    "(?P<method>[A-Z]+) \s (?P<target>\S+) \s HTTP/[\d.]+" \s
    (?P<status>\d{3}) \s (?P<size>\d+|-) \s (?P<millis>\d+)
    """,
    re.VERBOSE,
)

SAMPLE = """\
203.0.113.7 - - [12/Mar/2024:08:15:01 +0000] "GET /api/cart HTTP/1.1" 200 512 84
203.0.113.7 - - [12/Mar/2024:08:15:04 +0000] "POST /api/checkout HTTP/1.1" 201 230 412
198.51.100.23 - - [12/Mar/2024:08:15:09 +0000] "GET /api/cart HTTP/1.1" 200 498 91
198.51.100.23 - - [12/Mar/2024:08:15:09 +0000] "GET /static/logo.svg HTTP/1.1" 304 - 3
192.0.2.80 - eve [12/Mar/2024:08:15:30 +0000] "POST /api/checkout HTTP/1.1" 500 61 1290
192.0.2.80 - eve [12/Mar/2024:08:15:41 +0000] "GET /search?q=lamp HTTP/2" 200 8812 267
-- rotated by logkeeper --
203.0.113.99 - - [12/Mar/2024:08:16:02 +0000] "GET /api/cart HTTP/1.1" 404 17 12
203.0.113.99 - - [12/Mar/2024:08:16:20 +0000] "GET /search?q=rug HTTP/2" 200 7300 301
"""


class Request(NamedTuple):
    client: str
    when: datetime
    endpoint: str
    status: int
    size: int
    millis: int


def parse(line: str) -> Optional[Request]:
    found = LINE.fullmatch(line.strip())
    if found is None:
        return None
    path, _, _query = found["target"].partition("?")
    return Request(
        client=found["client"],
        when=datetime.strptime(found["when"], "%d/%b/%Y:%H:%M:%S %z"),
        endpoint=f"{found['method']} {path}",
        status=int(found["status"]),
        size=0 if found["size"] == "-" else int(found["size"]),
        millis=int(found["millis"]),
    )


def percentile(ordered: list[int], percent: float) -> int:
    """Nearest-rank percentile of an already sorted list."""
    if not ordered:
        raise ValueError("no observations")
    rank = math.ceil(percent / 100 * len(ordered))
    return ordered[max(rank, 1) - 1]


def slowest(requests: Iterable[Request], limit: int = 3) -> list[tuple[str, float]]:
    latencies = defaultdict(list)
    for request in requests:
        latencies[request.endpoint].append(request.millis)
    averages = ((endpoint, mean(values)) for endpoint, values in latencies.items())
    return sorted(averages, key=lambda pair: pair[1], reverse=True)[:limit]


def report(lines: Iterable[str]) -> Iterator[str]:
    parsed = [parse(line) for line in lines]
    requests = [request for request in parsed if request]
    yield f"{len(requests)} requests, {len(parsed) - len(requests)} malformed lines"
    if not requests:
        return
    span = max(r.when for r in requests) - min(r.when for r in requests)
    yield f"{sum(r.size for r in requests)} bytes in {span.total_seconds():.0f} s"
    for status, hits in sorted(Counter(r.status for r in requests).items()):
        yield f"  {status}: {'#' * hits}"
    for endpoint, average in slowest(requests):
        yield f"  {average:8.1f} ms  {endpoint}"
    ordered = sorted(r.millis for r in requests)
    yield "  ".join(f"p{p}={percentile(ordered, p)}ms" for p in (50, 75, 90, 99))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        with open(sys.argv[1], encoding="utf-8", errors="replace") as log:
            print(*report(log), sep="\n")
    else:
        print(*report(SAMPLE.splitlines()), sep="\n")
