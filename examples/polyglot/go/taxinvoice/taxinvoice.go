// Command taxinvoice prints a sample invoice with a tiered discount and VAT per category.
package main

import (
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
)

// Category selects the VAT rate of a line.
type Category int

const (
	Standard Category = iota
	Reduced
	Zero
)

var vat = [...]struct {
	name    string
	percent int64
}{
	Standard: {"standard", 20},
	Reduced:  {"reduced", 5},
	Zero:     {"zero", 0},
}

// Line is one row of an invoice. Price is in cents.
type Line struct {
	Desc  string
	Qty   int64
	Price int64
	Cat   Category
}

func (l Line) amount() int64 { return l.Qty * l.Price }

// Totals is the outcome of working out an invoice.
type Totals struct {
	Subtotal, Discount, Total int64
	Percent                   int64
	Tax                       [len(vat)]int64
}

// share returns percent of cents, rounding half up.
func share(cents, percent int64) int64 { return (cents*percent + 50) / 100 }

func discountPercent(subtotal int64) int64 {
	switch {
	case subtotal >= 100000:
		return 10
	case subtotal >= 50000:
		return 5
	case subtotal >= 20000:
		return 2
	}
	return 0
}

// Compute discounts every line, then charges VAT on the sum of each category.
func Compute(lines []Line) (t Totals) {
	for _, l := range lines {
		t.Subtotal += l.amount()
	}
	t.Percent = discountPercent(t.Subtotal)

	var net [len(vat)]int64
	for _, l := range lines {
		off := share(l.amount(), t.Percent)
		t.Discount += off
		net[l.Cat] += l.amount() - off
	}
	t.Total = t.Subtotal - t.Discount
	for cat, base := range net {
		t.Tax[cat] = share(base, vat[cat].percent)
		t.Total += t.Tax[cat]
	}
	return t
}

func euros(cents int64) string { return fmt.Sprintf("%.2f", float64(cents)/100) }

var sample = []Line{
	{"Oak desk", 2, 24900, Standard},
	{"Atlas of Rivers", 6, 1850, Zero},
	{"Child car seat", 1, 13999, Reduced},
}

func main() {
	t := Compute(sample)
	w := tabwriter.NewWriter(os.Stdout, 8, 0, 2, ' ', tabwriter.AlignRight)
	defer w.Flush()
	for _, l := range sample {
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\t\n", l.Desc, l.Qty, euros(l.Price), euros(l.amount()))
	}
	fmt.Fprintf(w, "subtotal\t\t\t%s\t\n", euros(t.Subtotal))
	fmt.Fprintf(w, "discount %d%%\t\t\t-%s\t\n", t.Percent, euros(t.Discount))
	for cat, tax := range t.Tax {
		fmt.Fprintf(w, "VAT %s\t\t\t%s\t\n", vat[cat].name, euros(tax))
	}
	fmt.Fprintf(w, "%s\t\t\t%s\t\n", strings.ToUpper("total due"), euros(t.Total))
}
