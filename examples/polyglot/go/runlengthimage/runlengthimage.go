// Package main run-length encodes a small one-bit image. Every row is stored
// as bytes: alternating paper and ink runs, then a two-byte Fletcher checksum.
package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"log"
	"strings"
)

const (
	ink   = '#'
	paper = '.'
)

var invader = []string{
	"..#.....#..",
	"...#...#...",
	"..#######..",
	".##.###.##.",
	"###########",
	"#.#######.#",
	"#.#.....#.#",
	"...##.##...",
}

var (
	errChecksum = errors.New("checksum mismatch")
	errWidth    = errors.New("wrong row width")
)

func fletcher16(data []byte) uint16 {
	var lo, hi uint16
	for _, b := range data {
		lo = (lo + uint16(b)) % 255
		hi = (hi + lo) % 255
	}
	return hi<<8 | lo
}

func encodeRow(row string) []byte {
	var out []byte
	colour := byte(paper)
	for len(row) > 0 {
		rest := strings.TrimLeft(row, string(rune(colour)))
		out = append(out, byte(len(row)-len(rest)))
		row = rest
		colour ^= ink ^ paper
	}
	sum := make([]byte, 2)
	binary.BigEndian.PutUint16(sum, fletcher16(out))
	return append(out, sum...)
}

func decodeRow(encoded []byte, width int) (string, error) {
	split := len(encoded) - 2
	runs := encoded[:split]
	if fletcher16(runs) != binary.BigEndian.Uint16(encoded[split:]) {
		return "", errChecksum
	}
	var row bytes.Buffer
	for i, n := range runs {
		pixel := []byte{paper}
		if i%2 == 1 {
			pixel[0] = ink
		}
		row.Write(bytes.Repeat(pixel, int(n)))
	}
	if row.Len() != width {
		return "", fmt.Errorf("%w: got %d, want %d", errWidth, row.Len(), width)
	}
	return row.String(), nil
}

func decodeImage(rows [][]byte, width int) ([]string, error) {
	bitmap := make([]string, len(rows))
	for y, encoded := range rows {
		row, err := decodeRow(encoded, width)
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", y, err)
		}
		bitmap[y] = row
	}
	return bitmap, nil
}

func main() {
	width := len(invader[0])
	var rows [][]byte
	for _, row := range invader {
		rows = append(rows, encodeRow(row))
		fmt.Printf("% x\n", rows[len(rows)-1])
	}
	bitmap, err := decodeImage(rows, width)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(strings.Join(bitmap, "\n"))

	rows[4][1]-- // lose one ink pixel
	if _, err := decodeImage(rows, width); errors.Is(err, errChecksum) {
		fmt.Println("damage detected:", err)
	}
}
