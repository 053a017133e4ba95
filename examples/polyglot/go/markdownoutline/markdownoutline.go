// Command markdownoutline writes a table of contents for the Markdown read from standard input.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"unicode"
)

type heading struct {
	level int
	title string
	slug  string
}

func main() {
	log.SetFlags(0)
	depth := flag.Int("depth", 6, "deepest heading level to list")
	flag.Parse()
	headings, err := scan(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	for _, h := range headings {
		if h.level <= *depth {
			fmt.Printf("%s- [%s](#%s)\n", strings.Repeat("  ", h.level-1), h.title, h.slug)
		}
	}
}

// scan finds "# Field Guide" headings and those underlined with = or -, but none in fenced code.
func scan(r io.Reader) ([]heading, error) {
	var (
		found    []heading
		slugs    = make(map[string]int)
		fence    string
		previous string
	)
	add := func(level int, title string) {
		found = append(found, heading{level, title, unique(slugs, slugify(title))})
		previous = ""
	}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := strings.TrimRight(lines.Text(), " \t")
		switch {
		case fence != "":
			if strings.HasPrefix(line, fence) {
				fence = ""
			}
		case strings.HasPrefix(line, "```"), strings.HasPrefix(line, "~~~"):
			fence, previous = line[:3], ""
		case previous != "" && line != "" && strings.Trim(line, "=") == "":
			add(1, previous)
		case previous != "" && line != "" && strings.Trim(line, "-") == "":
			add(2, previous)
		default:
			if level, title, ok := atx(line); ok {
				add(level, title)
			} else {
				previous = strings.TrimSpace(line)
			}
		}
	}
	return found, lines.Err()
}

func atx(line string) (level int, title string, ok bool) {
	rest := strings.TrimLeft(line, "#")
	level = len(line) - len(rest)
	if level < 1 || level > 6 || !strings.HasPrefix(rest, " ") {
		return 0, "", false
	}
	return level, strings.Trim(rest, "# "), true
}

// slugify turns "Usage & Tips" into "usage-tips".
func slugify(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	return strings.Join(words, "-")
}

func unique(seen map[string]int, slug string) string {
	n := seen[slug]
	seen[slug]++
	if n == 0 {
		return slug
	}
	return fmt.Sprintf("%s-%d", slug, n)
}
