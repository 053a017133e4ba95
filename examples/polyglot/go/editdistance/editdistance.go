// Package editdistance computes Levenshtein distances, shows how two words
// align, and suggests corrections for misspelled words.
package editdistance

import (
	"fmt"
	"sort"
	"strings"
)

// Dictionary holds words that are often misspelled.
var Dictionary = []string{
	"receive", "separate", "definitely", "necessary", "rhythm", "library", "calendar",
}

const gap = '-'

func min(a int, others ...int) int {
	for _, b := range others {
		if b < a {
			a = b
		}
	}
	return a
}

func mismatch(a, b rune) int {
	if a == b {
		return 0
	}
	return 1
}

// table returns the costs of turning prefixes of a into prefixes of b.
func table(a, b []rune) [][]int {
	cost := make([][]int, len(a)+1)
	for i := range cost {
		cost[i] = make([]int, len(b)+1)
		cost[i][0] = i
	}
	for j := range cost[0] {
		cost[0][j] = j
	}
	for i, ra := range a {
		for j, rb := range b {
			cost[i+1][j+1] = min(cost[i][j+1]+1, cost[i+1][j]+1, cost[i][j]+mismatch(ra, rb))
		}
	}
	return cost
}

// Distance is the least number of edits that turn source into target.
func Distance(source, target string) int {
	a, b := []rune(source), []rune(target)
	return table(a, b)[len(a)][len(b)]
}

// Alignment holds two words of equal length, padded with gaps.
type Alignment struct{ top, bottom []rune }

// Align finds an optimal alignment of two words.
func Align(source, target string) Alignment {
	a, b := []rune(source), []rune(target)
	cost := table(a, b)
	var trace func(i, j int) Alignment
	trace = func(i, j int) Alignment {
		var head Alignment
		top, bottom := gap, gap
		switch {
		case i == 0 && j == 0:
			return head
		case i > 0 && j > 0 && cost[i][j] == cost[i-1][j-1]+mismatch(a[i-1], b[j-1]):
			head, top, bottom = trace(i-1, j-1), a[i-1], b[j-1]
		case i > 0 && cost[i][j] == cost[i-1][j]+1:
			head, top = trace(i-1, j), a[i-1]
		default:
			head, bottom = trace(i, j-1), b[j-1]
		}
		return Alignment{append(head.top, top), append(head.bottom, bottom)}
	}
	return trace(len(a), len(b))
}

// String draws the alignment; '|' marks a match and '*' a substitution.
func (al Alignment) String() string {
	var marks strings.Builder
	for i, top := range al.top {
		switch bottom := al.bottom[i]; {
		case top == bottom:
			marks.WriteByte('|')
		case top == gap || bottom == gap:
			marks.WriteByte(' ')
		default:
			marks.WriteByte('*')
		}
	}
	return fmt.Sprintf("%s\n%s\n%s", string(al.top), marks.String(), string(al.bottom))
}

// Suggest lists the dictionary words within tolerance edits, nearest first.
func Suggest(typo string, tolerance int) []string {
	words := append([]string(nil), Dictionary...)
	sort.SliceStable(words, func(i, j int) bool { return Distance(typo, words[i]) < Distance(typo, words[j]) })
	cut := sort.Search(len(words), func(i int) bool { return Distance(typo, words[i]) > tolerance })
	return words[:cut]
}
