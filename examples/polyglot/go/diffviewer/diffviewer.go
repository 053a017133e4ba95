// Command diffviewer prints a unified diff of two versions of a recipe.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
)

type edit struct {
	op       byte // ' ', '-' or '+'
	text     string
	old, new int // zero-based line numbers at this point
}

// diff returns the edits that turn a into b.
func diff(a, b []string) []edit {
	// lcs[i][j] is the length of the longest common subsequence of a[i:] and b[j:].
	lcs := make([][]int, len(a)+1)
	for i := range lcs {
		lcs[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			switch {
			case a[i] == b[j]:
				lcs[i][j] = lcs[i+1][j+1] + 1
			case lcs[i+1][j] > lcs[i][j+1]:
				lcs[i][j] = lcs[i+1][j]
			default:
				lcs[i][j] = lcs[i][j+1]
			}
		}
	}

	var edits []edit
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			edits = append(edits, edit{' ', a[i], i, j})
			i++
			j++
		case j == len(b) || i < len(a) && lcs[i+1][j] >= lcs[i][j+1]:
			edits = append(edits, edit{'-', a[i], i, j})
			i++
		default:
			edits = append(edits, edit{'+', b[j], i, j})
			j++
		}
	}
	return edits
}

// hunks cuts edits into runs with at most context unchanged lines on either side.
func hunks(edits []edit, context int) (out [][]edit) {
	from, to := -1, -1
	for i, e := range edits {
		if e.op == ' ' {
			continue
		}
		if from >= 0 && i-context > to {
			out = append(out, edits[from:to])
			from = -1
		}
		if from < 0 {
			if from = i - context; from < 0 {
				from = 0
			}
		}
		if to = i + context + 1; to > len(edits) {
			to = len(edits)
		}
	}
	if from >= 0 {
		out = append(out, edits[from:to])
	}
	return out
}

func writeHunk(w io.Writer, hunk []edit) {
	var n [256]int
	for _, e := range hunk {
		n[e.op]++
	}
	fmt.Fprintf(w, "@@ -%d,%d +%d,%d @@\n", hunk[0].old+1, n[' ']+n['-'], hunk[0].new+1, n[' ']+n['+'])
	for _, e := range hunk {
		fmt.Fprintf(w, "%c%s\n", e.op, e.text)
	}
}

const recipe = `Rye loaf;500 g flour;320 ml water;9 g salt;3 g yeast;knead 10 min;rest 60 min;` +
	`shape;proof 30 min;score the top;bake 35 min;cool on a rack`

func main() {
	revise := strings.NewReplacer("320 ml", "340 ml", "bake", "steam the oven;bake")
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	fmt.Fprint(w, "--- recipe.old\n+++ recipe.new\n")
	for _, h := range hunks(diff(strings.Split(recipe, ";"), strings.Split(revise.Replace(recipe), ";")), 2) {
		writeHunk(w, h)
	}
}
