// Command csvreport prints sales totals by region from CSV on standard input,
// or from a small built-in sample when called with -sample.
package main

import (
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"sort"
	"strconv"
	"strings"
	"text/tabwriter"
)

const sample = `region,product,units,price
North,"Bolts, M6",120,0.35
South,"Hinge ""Heavy""",14,6.20
North,Washers,300,0.05
West,"Multi
line bracket",8,11.75
South,Washers,50,0.05
`

type totals struct {
	sales, units int
	revenue      float64
}

func main() {
	useSample := flag.Bool("sample", false, "report the built-in sample")
	flag.Parse()
	var in io.Reader = os.Stdin
	if *useSample {
		in = strings.NewReader(sample)
	}
	groups, err := sumByRegion(in)
	if err != nil {
		log.Fatal("csvreport: ", err)
	}
	printReport(os.Stdout, groups)
}

// sumByRegion leaves quoting to encoding/csv, which also insists on equal field counts.
func sumByRegion(in io.Reader) (map[string]*totals, error) {
	r := csv.NewReader(in)
	header, err := r.Read()
	if err != nil {
		return nil, err
	}
	column := make(map[string]int)
	for i, name := range header {
		column[name] = i
	}
	groups := make(map[string]*totals)
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return groups, nil
		} else if err != nil {
			return nil, err
		}
		line, _ := r.FieldPos(0)
		units, err := strconv.Atoi(record[column["units"]])
		if err != nil {
			return nil, fmt.Errorf("line %d: units: %w", line, err)
		}
		price, err := strconv.ParseFloat(record[column["price"]], 64)
		if err != nil {
			return nil, fmt.Errorf("line %d: price: %w", line, err)
		}
		g := groups[record[column["region"]]]
		if g == nil {
			g = new(totals)
			groups[record[column["region"]]] = g
		}
		g.sales++
		g.units += units
		g.revenue += float64(units) * price
	}
}

func printReport(w io.Writer, groups map[string]*totals) {
	regions := make([]string, 0, len(groups))
	for region := range groups {
		regions = append(regions, region)
	}
	sort.Strings(regions)

	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer tw.Flush()
	fmt.Fprintln(tw, "region\tsales\tunits\trevenue\t")
	var grand float64
	for _, region := range regions {
		g := groups[region]
		grand += g.revenue
		fmt.Fprintf(tw, "%s\t%d\t%d\t%.2f\t\n", region, g.sales, g.units, g.revenue)
	}
	fmt.Fprintf(tw, "all\t\t\t%.2f\t\n", grand)
}
