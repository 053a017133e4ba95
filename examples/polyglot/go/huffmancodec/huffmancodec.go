// Command huffmancodec builds a Huffman code tree for a message, encodes the
// message with it, decodes it again and reports the compression ratio.
package main

import (
	"container/heap"
	"errors"
	"fmt"
	"log"
	"strings"
)

// node is a leaf when both children are nil.
type node struct {
	symbol      rune
	weight      int
	left, right *node
}

func (n *node) isLeaf() bool { return n.left == nil && n.right == nil }

// forest is a min-heap of trees ordered by weight, then by symbol.
type forest []*node

func (f forest) Len() int { return len(f) }
func (f forest) Less(i, j int) bool {
	if f[i].weight != f[j].weight {
		return f[i].weight < f[j].weight
	}
	return f[i].symbol < f[j].symbol
}
func (f forest) Swap(i, j int)       { f[i], f[j] = f[j], f[i] }
func (f *forest) Push(x interface{}) { *f = append(*f, x.(*node)) }
func (f *forest) Pop() interface{} {
	last := len(*f) - 1
	n := (*f)[last]
	*f = (*f)[:last]
	return n
}

var errTruncated = errors.New("huffman: bit string ends inside a codeword")

func buildTree(message string) (*node, error) {
	freq := make(map[rune]int)
	for _, r := range message {
		freq[r]++
	}
	if len(freq) < 2 {
		return nil, errors.New("huffman: need two different symbols")
	}
	f := make(forest, 0, len(freq))
	for r, w := range freq {
		f = append(f, &node{symbol: r, weight: w})
	}
	heap.Init(&f)
	for f.Len() > 1 {
		a, b := heap.Pop(&f).(*node), heap.Pop(&f).(*node)
		heap.Push(&f, &node{symbol: a.symbol, weight: a.weight + b.weight, left: a, right: b})
	}
	return f[0], nil
}

func fillCodes(n *node, prefix string, codes map[rune]string) {
	if n.isLeaf() {
		codes[n.symbol] = prefix
		return
	}
	fillCodes(n.left, prefix+"0", codes)
	fillCodes(n.right, prefix+"1", codes)
}

func decode(root *node, bits string) (string, error) {
	var out strings.Builder
	cur := root
	for _, bit := range bits {
		if bit == '1' {
			cur = cur.right
		} else {
			cur = cur.left
		}
		if cur.isLeaf() {
			out.WriteRune(cur.symbol)
			cur = root
		}
	}
	if cur != root {
		return "", errTruncated
	}
	return out.String(), nil
}

func main() {
	const message = "she sells seashells by the seashore"
	root, err := buildTree(message)
	if err != nil {
		log.Fatal(err)
	}
	codes := make(map[rune]string)
	fillCodes(root, "", codes)
	var bits strings.Builder
	for _, r := range message {
		bits.WriteString(codes[r])
	}
	text, err := decode(root, bits.String())
	if err != nil || text != message {
		log.Fatalf("round trip failed: %q, %v", text, err)
	}
	fmt.Printf("ratio %.2f: %d bits for %d symbols\n",
		float64(8*len(message))/float64(bits.Len()), bits.Len(), len(message))
}
