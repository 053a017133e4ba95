// Package base64codec is a small base64 encoder and strict decoder. Unlike
// encoding/base64 it always insists on canonical padding and zero spare bits.
package base64codec

import (
	"errors"
	"fmt"
)

const (
	alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	padding  = '='
	invalid  = 0xff
)

// Errors that Decode can return, besides SymbolError.
var (
	ErrLength  = errors.New("base64codec: length is not a multiple of four")
	ErrPadding = errors.New("base64codec: misplaced padding")
	ErrSpare   = errors.New("base64codec: spare bits of the last symbol are set")
)

// SymbolError is the position of a byte outside the alphabet.
type SymbolError int

func (e SymbolError) Error() string {
	return fmt.Sprintf("base64codec: invalid symbol at byte %d", int(e))
}

var sextets = func() (table [256]byte) {
	for i := range table {
		table[i] = invalid
	}
	for value, symbol := range []byte(alphabet) {
		table[symbol] = byte(value)
	}
	return table
}()

// Encode returns the padded base64 text of src.
func Encode(src []byte) string {
	dst := make([]byte, 0, (len(src)+2)/3*4)
	for ; len(src) >= 3; src = src[3:] {
		dst = appendQuartet(dst, src[0], src[1], src[2])
	}
	switch len(src) {
	case 1:
		dst = append(appendQuartet(dst, src[0], 0, 0)[:len(dst)+2], padding, padding)
	case 2:
		dst = append(appendQuartet(dst, src[0], src[1], 0)[:len(dst)+3], padding)
	}
	return string(dst)
}

func appendQuartet(dst []byte, a, b, c byte) []byte {
	return append(dst,
		alphabet[a>>2],
		alphabet[a&0x03<<4|b>>4],
		alphabet[b&0x0f<<2|c>>6],
		alphabet[c&0x3f])
}

// Decode parses text and returns the bytes it stands for.
func Decode(text string) ([]byte, error) {
	if len(text)%4 != 0 {
		return nil, ErrLength
	}
	end := len(text)
	for end > 0 && text[end-1] == padding {
		end--
	}
	if len(text)-end > 2 {
		return nil, ErrPadding
	}
	out := make([]byte, 0, len(text)/4*3)
	var acc uint32
	var bits uint
	for i := 0; i < end; i++ {
		value := sextets[text[i]]
		switch {
		case text[i] == padding:
			return nil, ErrPadding
		case value == invalid:
			return nil, SymbolError(i)
		}
		acc = acc<<6 | uint32(value)
		if bits += 6; bits >= 8 {
			bits -= 8
			out = append(out, byte(acc>>bits))
		}
	}
	if acc&(1<<bits-1) != 0 {
		return nil, ErrSpare
	}
	return out, nil
}
