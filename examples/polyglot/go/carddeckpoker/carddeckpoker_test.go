package main

import (
	"fmt"
	"strings"
	"testing"
)

func parseHand(text string) ([]card, error) {
	var hand []card
	for _, word := range strings.Fields(text) {
		r, s := strings.Index(rankLetters, word[:1]), strings.Index(suitLetters, word[1:])
		if r < 0 || s < 0 || len(word) != 2 {
			return nil, fmt.Errorf("%q is not a card", word)
		}
		hand = append(hand, card(13*s+r))
	}
	return hand, nil
}

func value(t *testing.T, text string) (category, int) {
	t.Helper()
	hand, err := parseHand(text)
	if err != nil {
		t.Fatal(err)
	}
	return classify(hand)
}

func TestClassify(t *testing.T) {
	for text, want := range map[string]category{
		"TH JH QH KH AH": straightFlush,
		"9C 9D 9H 9S 2C": fourOfAKind,
		"3S 3D 3C KH KD": fullHouse,
		"2H 5H 9H JH KH": flush,
		"AS 2D 3C 4H 5S": straight,
		"7S 7D 7C QH 2S": threeOfAKind,
		"4S 4D JC JH AS": twoPair,
		"8S 8D 2C 5H KS": pair,
		"AH QD 9C 6S 3H": highCard,
	} {
		if got, _ := value(t, text); got != want {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}

func TestStrength(t *testing.T) {
	for _, duel := range [][2]string{
		{"8S 8D 2C 5H KS", "8C 8H 2S 5D QS"},
		{"2S 3D 4C 5H 6S", "AS 2D 3C 4H 5S"},
	} {
		_, better := value(t, duel[0])
		if _, worse := value(t, duel[1]); better <= worse {
			t.Errorf("%s should beat %s", duel[0], duel[1])
		}
	}
}

func TestShuffleKeepsEveryCard(t *testing.T) {
	seen := map[card]bool{}
	for _, c := range shuffledDeck(1) {
		seen[c] = true
	}
	if len(seen) != 52 {
		t.Errorf("%d different cards", len(seen))
	}
}
