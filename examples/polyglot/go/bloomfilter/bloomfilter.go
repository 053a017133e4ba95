// Command bloomfilter demonstrates a Bloom filter of bird names: a small bit
// array that answers "certainly not" or "perhaps" to membership questions.
package main

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/bits"
)

const wordSize = 64

// Filter is a Bloom filter. Create one with NewFilter.
type Filter struct {
	words  []uint64
	m      uint64 // number of bits
	k      int    // hashes per key
	stored int
}

// NewFilter sizes a filter for n keys and a false-positive rate of p.
func NewFilter(n int, p float64) *Filter {
	m := uint64(math.Ceil(-float64(n) * math.Log(p) / (math.Ln2 * math.Ln2)))
	k := int(math.Round(math.Ln2 * float64(m) / float64(n)))
	if k < 1 {
		k = 1
	}
	return &Filter{words: make([]uint64, (m+wordSize-1)/wordSize), m: m, k: k}
}

// visit calls fn with the word index and mask of each bit that belongs to
// key, until fn returns false.
func (f *Filter) visit(key string, fn func(word, mask uint64) bool) bool {
	h := fnv.New64a()
	h.Write([]byte(key)) // never fails
	sum := h.Sum64()
	pos, step := sum>>32, sum&math.MaxUint32|1
	for i := 0; i < f.k; i++ {
		bit := pos % f.m
		if !fn(bit/wordSize, 1<<(bit%wordSize)) {
			return false
		}
		pos += step
	}
	return true
}

// Add stores key.
func (f *Filter) Add(key string) {
	f.visit(key, func(word, mask uint64) bool {
		f.words[word] |= mask
		return true
	})
	f.stored++
}

// Has reports whether key may have been added. False is always right.
func (f *Filter) Has(key string) bool {
	return f.visit(key, func(word, mask uint64) bool { return f.words[word]&mask != 0 })
}

// FalsePositives estimates the rate of wrong positive answers.
func (f *Filter) FalsePositives() float64 {
	empty := math.Exp(-float64(f.k*f.stored) / float64(f.m))
	return math.Pow(1-empty, float64(f.k))
}

func (f *Filter) ones() (n int) {
	for _, w := range f.words {
		n += bits.OnesCount64(w)
	}
	return n
}

func main() {
	spotted := []string{"sparrow", "heron", "kestrel", "avocet", "plover", "dunnock", "wigeon", "bittern"}
	f := NewFilter(len(spotted), 0.01)
	for _, bird := range spotted {
		f.Add(bird)
	}
	fmt.Printf("m=%d k=%d, %d bits set\n", f.m, f.k, f.ones())

	answer := map[bool]string{true: "perhaps", false: "certainly not"}
	for _, bird := range append(spotted[:2:2], "penguin", "ostrich", "toucan", "flamingo") {
		fmt.Printf("%-9s %s\n", bird, answer[f.Has(bird)])
	}
	fmt.Printf("false positives expected: %.2f%%\n", 100*f.FalsePositives())
}
