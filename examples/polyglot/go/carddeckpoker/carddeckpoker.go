// Package main deals poker hands from a xorshift-shuffled deck and classifies them.
package main

import (
	"fmt"
	"sort"
)

const rankLetters, suitLetters = "23456789TJQKA", "CDHS"

type category int

const (
	highCard category = iota
	pair
	twoPair
	threeOfAKind
	straight
	flush
	fullHouse
	fourOfAKind
	straightFlush
)

func (c category) String() string {
	return [...]string{"high card", "pair", "two pair", "three of a kind", "straight", "flush",
		"full house", "four of a kind", "straight flush"}[c]
}

// A card counts 0 to 51, suit by suit.
type card int

func (c card) rank() int      { return int(c)%13 + 2 }
func (c card) suit() int      { return int(c) / 13 }
func (c card) String() string { return rankLetters[c%13:c%13+1] + suitLetters[c/13:c/13+1] }

// classify also returns a strength that orders hands of all categories.
func classify(hand []card) (category, int) {
	counts := map[int]int{}
	isFlush := true
	for _, c := range hand {
		counts[c.rank()]++
		isFlush = isFlush && c.suit() == hand[0].suit()
	}
	weight := func(rank int) int { return 100*counts[rank] + rank }
	var ranks []int
	for rank := range counts {
		ranks = append(ranks, rank)
	}
	sort.Slice(ranks, func(i, j int) bool { return weight(ranks[i]) > weight(ranks[j]) })

	c := highCard
	switch most := counts[ranks[0]]; {
	case most == 4:
		c = fourOfAKind
	case most == 3 && len(ranks) == 2:
		c = fullHouse
	case most == 3:
		c = threeOfAKind
	case most == 2 && len(ranks) == 3:
		c = twoPair
	case most == 2:
		c = pair
	default:
		if ranks[0] == 14 && ranks[1] == 5 {
			ranks = []int{5, 4, 3, 2, 1} // wheel
		}
		isStraight := ranks[0]-ranks[4] == 4
		if isStraight && isFlush {
			c = straightFlush
		} else if isFlush {
			c = flush
		} else if isStraight {
			c = straight
		}
	}
	strength := int(c)
	for _, rank := range append(ranks, 0, 0, 0)[:5] {
		strength = 15*strength + rank
	}
	return c, strength
}

func shuffledDeck(x uint32) (deck [52]card) {
	for i := range deck {
		deck[i] = card(i)
	}
	for i := uint32(51); i > 0; i-- {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		j := x % (i + 1)
		deck[i], deck[j] = deck[j], deck[i]
	}
	return deck
}

func main() {
	deck := shuffledDeck(772024)
	winner, best := "", -1
	for i, player := range []string{"North", "East", "South", "West"} {
		hand := deck[5*i : 5*i+5]
		c, strength := classify(hand)
		fmt.Printf("%-6s%v %v\n", player, hand, c)
		if strength > best {
			winner, best = player, strength
		}
	}
	fmt.Println(winner, "takes the pot")
}
