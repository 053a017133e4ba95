// Command loganalyzer summarizes an access log read from a file or the built-in sample.
package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"os"
	"sort"
	"strings"
	"time"
)

const sample = `203.0.113.7 - - [12/Mar/2024:08:15:01 +0000] "GET /api/cart HTTP/1.1" 200 512 84
203.0.113.7 - - [12/Mar/2024:08:15:04 +0000] "POST /api/checkout HTTP/1.1" 201 230 412
198.51.100.23 - - [12/Mar/2024:08:15:09 +0000] "GET /api/cart HTTP/1.1" 200 498 91
198.51.100.23 - - [12/Mar/2024:08:15:09 +0000] "GET /static/logo.svg HTTP/1.1" 304 - 3
192.0.2.80 - eve [12/Mar/2024:08:15:30 +0000] "POST /api/checkout HTTP/1.1" 500 61 1290
192.0.2.80 - eve [12/Mar/2024:08:15:41 +0000] "GET /search?q=lamp HTTP/2" 200 8812 267
-- rotated by logkeeper --
203.0.113.99 - - [12/Mar/2024:08:16:02 +0000] "GET /api/cart HTTP/1.1" 404 17 12
203.0.113.99 - - [12/Mar/2024:08:16:20 +0000] "GET /search?q=rug HTTP/2" 200 7300 301
`

type hit struct {
	endpoint string
	status   int
	latency  time.Duration
}

func parse(line string) (h hit, err error) {
	parts := strings.Split(line, `"`)
	if len(parts) != 3 {
		return h, fmt.Errorf("no quoted request in %q", line)
	}
	var (
		method, target, version, size string
		millis                        int
	)
	if _, err = fmt.Sscan(parts[1], &method, &target, &version); err != nil {
		return h, fmt.Errorf("request %q: %w", parts[1], err)
	}
	if _, err = fmt.Sscan(parts[2], &h.status, &size, &millis); err != nil {
		return h, fmt.Errorf("response %q: %w", parts[2], err)
	}
	h.latency = time.Duration(millis) * time.Millisecond
	path, _, _ := strings.Cut(target, "?")
	h.endpoint = method + " " + path
	return h, nil
}

// percentile uses the nearest-rank method on sorted latencies; p is from 1 to 100.
func percentile(sorted []time.Duration, p int) time.Duration {
	rank := (p*len(sorted) + 99) / 100
	return sorted[rank-1]
}

func analyze(r io.Reader, w io.Writer) error {
	statuses := map[int]int{}
	endpoints := map[string][]time.Duration{}
	var all []time.Duration
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		h, err := parse(lines.Text())
		if err != nil {
			fmt.Fprintf(w, "line %d skipped: %v\n", number, err)
			continue
		}
		statuses[h.status]++
		endpoints[h.endpoint] = append(endpoints[h.endpoint], h.latency)
		all = append(all, h.latency)
	}
	if err := lines.Err(); err != nil || len(all) == 0 {
		return err
	}

	fmt.Fprintln(w, "statuses:", statuses) // fmt prints maps in key order
	mean := map[string]time.Duration{}
	names := make([]string, 0, len(endpoints))
	for name, times := range endpoints {
		for _, t := range times {
			mean[name] += t / time.Duration(len(times))
		}
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool { return mean[names[i]] > mean[names[j]] })
	for _, name := range names {
		fmt.Fprintf(w, "%-20s %v\n", name, mean[name].Round(100*time.Microsecond))
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	fmt.Fprintln(w, "p50", percentile(all, 50), "p75", percentile(all, 75), "p90", percentile(all, 90))
	return nil
}

func main() {
	var input io.Reader = strings.NewReader(sample)
	if len(os.Args) > 1 {
		file, err := os.Open(os.Args[1])
		if err != nil {
			log.Fatal(err)
		}
		defer file.Close()
		input = file
	}
	if err := analyze(input, os.Stdout); err != nil {
		log.Print(err)
	}
}
