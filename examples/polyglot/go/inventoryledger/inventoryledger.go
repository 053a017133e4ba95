// Package inventoryledger records stock movements and values them first-in, first-out.
package inventoryledger

import (
	"errors"
	"fmt"
	"io"
	"sort"
)

// ErrShortage is returned, wrapped, when an issue exceeds the stock on hand.
var ErrShortage = errors.New("not enough stock")

// Cents is an amount of money.
type Cents int64

func (c Cents) String() string { return fmt.Sprintf("%d.%02d", c/100, c%100) }

type layer struct {
	units int
	cost  Cents
}

// Ledger holds the open cost layers of each SKU. The zero value is ready to use.
type Ledger struct {
	layers  map[string][]layer
	minimum map[string]int
	Issued  Cents
}

// SetMinimum sets the reorder point below which LowStock lists the SKU.
func (l *Ledger) SetMinimum(sku string, units int) {
	if l.minimum == nil {
		l.minimum = make(map[string]int)
	}
	l.minimum[sku] = units
}

// Receive books a delivery as a new cost layer.
func (l *Ledger) Receive(sku string, units int, unitCost Cents) {
	if l.layers == nil {
		l.layers = make(map[string][]layer)
	}
	l.layers[sku] = append(l.layers[sku], layer{units, unitCost})
}

// OnHand reports how many units of the SKU are left.
func (l *Ledger) OnHand(sku string) (n int) {
	for _, ly := range l.layers[sku] {
		n += ly.units
	}
	return n
}

// Issue takes units from the oldest layers and returns what they cost.
func (l *Ledger) Issue(sku string, units int) (Cents, error) {
	if have := l.OnHand(sku); have < units {
		return 0, fmt.Errorf("issue %d x %s with %d on hand: %w", units, sku, have, ErrShortage)
	}
	var cost Cents
	stack := l.layers[sku]
	for units > 0 {
		take := stack[0].units
		if take > units {
			take = units
		}
		cost += Cents(take) * stack[0].cost
		units -= take
		if stack[0].units -= take; stack[0].units == 0 {
			stack = stack[1:]
		}
	}
	l.layers[sku] = stack
	l.Issued += cost
	return cost, nil
}

// LowStock returns the SKUs under their reorder point in alphabetical order.
func (l *Ledger) LowStock() []string {
	var low []string
	for sku, min := range l.minimum {
		if l.OnHand(sku) < min {
			low = append(low, sku)
		}
	}
	sort.Strings(low)
	return low
}

// Demo posts a week of warehouse movements and reports to w.
func Demo(w io.Writer) {
	var l Ledger
	l.SetMinimum("BOLT-M8", 50)
	l.SetMinimum("GASKET-40", 20)
	l.Receive("BOLT-M8", 100, 12)
	l.Receive("BOLT-M8", 60, 15)
	l.Receive("GASKET-40", 30, 210)
	l.Receive("VALVE-3W", 8, 4999)
	for _, order := range []layer{{120, 0}, {90, 0}} {
		cost, err := l.Issue("BOLT-M8", order.units)
		if errors.Is(err, ErrShortage) {
			fmt.Fprintln(w, "skipped:", err)
			continue
		}
		fmt.Fprintf(w, "issued %d bolts for %v\n", order.units, cost)
	}
	fmt.Fprintln(w, "low:", l.LowStock(), "issued in total:", l.Issued)
}
