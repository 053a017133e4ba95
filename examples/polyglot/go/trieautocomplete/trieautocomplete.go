// Command trieautocomplete completes prefixes from a weighted word list that is
// held in a prefix tree.
package main

import (
	"fmt"
	"os"
	"sort"
	"strings"
)

const lexicon = `
tea 50
team 35
teapot 12
teal 8
ten 40
tent 22
tension 9
inn 30
ink 27
inlet 14
`

type completion struct {
	word   string
	weight int
}

// trie is a node of the prefix tree; its zero value is an empty tree.
type trie struct {
	children map[rune]*trie
	weight   int // zero unless a word ends here
}

func (t *trie) insert(word string, weight int) {
	node := t
	for _, letter := range word {
		child := node.children[letter]
		if child == nil {
			child = new(trie)
			if node.children == nil {
				node.children = make(map[rune]*trie)
			}
			node.children[letter] = child
		}
		node = child
	}
	node.weight += weight
}

func (t *trie) find(prefix string) *trie {
	for _, letter := range prefix {
		if t = t.children[letter]; t == nil {
			return nil
		}
	}
	return t
}

// each calls visit for all words at or below t.
func (t *trie) each(spelled string, visit func(word string, weight int)) {
	if t.weight > 0 {
		visit(spelled, t.weight)
	}
	for letter, child := range t.children {
		child.each(spelled+string(letter), visit)
	}
}

func (t *trie) complete(prefix string, limit int) []completion {
	node := t.find(prefix)
	if node == nil {
		return nil
	}
	var found []completion
	node.each(prefix, func(word string, weight int) {
		found = append(found, completion{word, weight})
	})
	sort.Slice(found, func(i, j int) bool {
		if found[i].weight != found[j].weight {
			return found[i].weight > found[j].weight
		}
		return found[i].word < found[j].word
	})
	if len(found) > limit {
		found = found[:limit]
	}
	return found
}

func main() {
	var root trie
	for _, line := range strings.Split(strings.TrimSpace(lexicon), "\n") {
		var c completion
		if _, err := fmt.Sscan(line, &c.word, &c.weight); err != nil {
			fmt.Fprintf(os.Stderr, "bad lexicon line %q: %v\n", line, err)
			os.Exit(1)
		}
		root.insert(c.word, c.weight)
	}
	for _, prefix := range []string{"te", "tea", "in", "x"} {
		fmt.Println(prefix, root.complete(prefix, 3))
	}
	root.insert("teapot", 45)
	fmt.Println("after the tea party:", root.complete("te", 1))
}
