// Command crcchecksum prints the CRC-32 and Adler-32 checksums of its
// arguments, or of a few well-known strings when there are none.
package main

import (
	"fmt"
	"hash"
	"io"
	"os"
	"text/tabwriter"
)

const (
	ieee     = 0xedb88320
	adlerMod = 65521
)

var table = makeTable(ieee)

func makeTable(poly uint32) *[256]uint32 {
	t := new([256]uint32)
	for i := range t {
		c := uint32(i)
		for k := 0; k < 8; k++ {
			if c&1 == 1 {
				c = c>>1 ^ poly
			} else {
				c >>= 1
			}
		}
		t[i] = c
	}
	return t
}

// crcDigest is the running CRC-32; its zero value is ready to use.
type crcDigest uint32

func (d *crcDigest) Write(p []byte) (int, error) {
	c := ^uint32(*d)
	for _, b := range p {
		c = table[byte(c)^b] ^ c>>8
	}
	*d = crcDigest(^c)
	return len(p), nil
}

func (d *crcDigest) Sum32() uint32 { return uint32(*d) }

func (d *crcDigest) Reset() { *d = 0 }

// adlerDigest keeps the two running sums of Adler-32.
type adlerDigest struct{ a, b uint32 }

func newAdler() *adlerDigest { return &adlerDigest{a: 1} }

func (d *adlerDigest) Write(p []byte) (int, error) {
	for _, octet := range p {
		d.a = (d.a + uint32(octet)) % adlerMod
		d.b = (d.b + d.a) % adlerMod
	}
	return len(p), nil
}

func (d *adlerDigest) Sum32() uint32 { return d.b<<16 | d.a }

func (d *adlerDigest) Reset() { *d = adlerDigest{a: 1} }

// summer is the part of hash.Hash32 that is needed here.
type summer interface {
	io.Writer
	Sum32() uint32
	Reset()
}

var _ summer = hash.Hash32(nil)

func main() {
	texts := os.Args[1:]
	if len(texts) == 0 {
		texts = []string{"", "123456789", "Wikipedia", "The quick brown fox jumps over the lazy dog"}
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
	defer w.Flush()
	fmt.Fprintln(w, "CRC-32\tAdler-32\ttext")
	digests := []summer{new(crcDigest), newAdler()}
	for _, text := range texts {
		for _, d := range digests {
			d.Reset()
			if _, err := io.WriteString(d, text); err != nil {
				fmt.Fprintln(os.Stderr, "crcchecksum:", err)
				return
			}
			fmt.Fprintf(w, "%08x\t", d.Sum32())
		}
		fmt.Fprintf(w, "%q\n", text)
	}
}
