// Command vigenerecipher encrypts a message with the Vigenere cipher and then
// attacks it with a Kasiski examination to find the length of the keyword.
package main

import (
	"fmt"
	"log"
	"strings"
	"unicode"
)

const plaintext = "The convoy leaves the harbour at dawn, when the tide turns. " +
	"The convoy follows the lighthouse until the harbour pilot leaves the convoy."

// Cipher holds the shifts of a keyword, each in the range 0 to 25.
type Cipher struct {
	shifts []rune
}

// New makes a cipher from the letters of keyword.
func New(keyword string) (*Cipher, error) {
	c := new(Cipher)
	for _, r := range strings.ToUpper(keyword) {
		if !isLetter(r) {
			return nil, fmt.Errorf("vigenere: %q in keyword is not a letter", r)
		}
		c.shifts = append(c.shifts, r-'A')
	}
	if len(c.shifts) == 0 {
		return nil, fmt.Errorf("vigenere: empty keyword")
	}
	return c, nil
}

// Encrypt returns the ciphertext of text in capitals.
func (c *Cipher) Encrypt(text string) string { return c.apply(text, 1) }

// Decrypt undoes Encrypt.
func (c *Cipher) Decrypt(text string) string { return c.apply(text, -1) }

func (c *Cipher) apply(text string, sign rune) string {
	next := 0
	return strings.Map(func(r rune) rune {
		r = unicode.ToUpper(r)
		if !isLetter(r) {
			return r
		}
		shift := c.shifts[next%len(c.shifts)]
		next++
		return 'A' + (r-'A'+sign*shift+26)%26
	}, text)
}

func isLetter(r rune) bool { return r >= 'A' && r <= 'Z' }

// repeatDistances lists how far apart equal trigrams of the ciphertext are.
func repeatDistances(ciphertext string) (distances []int) {
	letters := strings.Map(func(r rune) rune {
		if isLetter(r) {
			return r
		}
		return -1
	}, ciphertext)
	last := map[string]int{}
	for i := 0; i+3 <= len(letters); i++ {
		trigram := letters[i : i+3]
		if j, seen := last[trigram]; seen {
			distances = append(distances, i-j)
		}
		last[trigram] = i
	}
	return distances
}

// guessKeyLength returns the length that divides the most distances; ok is
// false when the ciphertext has no repeats to judge by.
func guessKeyLength(ciphertext string, longest int) (length int, ok bool) {
	votes := make([]int, longest+1)
	for _, d := range repeatDistances(ciphertext) {
		for n := 2; n <= longest; n++ {
			if d%n == 0 {
				votes[n]++
			}
		}
	}
	for n, v := range votes {
		if v > 0 && v >= votes[length] {
			length, ok = n, true
		}
	}
	return length, ok
}

func main() {
	cipher, err := New("LEMON")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(cipher.Encrypt("attack at dawn")) // LXFOPV EF RNHR
	secret := cipher.Encrypt(plaintext)
	fmt.Println(secret)
	fmt.Println(cipher.Decrypt(secret))
	if n, ok := guessKeyLength(secret, 12); ok {
		fmt.Printf("the keyword seems to have %d letters\n", n)
	}
}
