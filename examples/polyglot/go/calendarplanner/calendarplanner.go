// Command calendarplanner prints a month, the meetings in it and those that overlap.
package main

import (
	"fmt"
	"sort"
	"strings"
)

type weekday int

// Weeks start on Monday, which is 0.
const (
	tuesday weekday = 1
	sunday  weekday = 6
)

// weekdayOf applies Zeller's congruence to the Gregorian calendar.
func weekdayOf(year, month, day int) weekday {
	if month < 3 {
		month += 12
		year--
	}
	k, j := year%100, year/100
	return weekday((day + 13*(month+1)/5 + k + k/4 + j/4 + 5*j + 5) % 7)
}

func daysIn(year, month int) int {
	if month == 2 && (year%4 == 0 && year%100 != 0 || year%400 == 0) {
		return 29
	}
	return [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
}

// A rule lists the days of a month on which a meeting takes place.
type rule func(year, month int) []int

func everyWeeks(n, first int) rule {
	return func(year, month int) (days []int) {
		for day := first; day <= daysIn(year, month); day += 7 * n {
			days = append(days, day)
		}
		return days
	}
}

func nth(n int, wd weekday) rule {
	return func(year, month int) []int {
		gap := (wd - weekdayOf(year, month, 1) + 7) % 7
		if day := 1 + int(gap) + 7*(n-1); day <= daysIn(year, month) {
			return []int{day}
		}
		return nil
	}
}

func once(day int) rule {
	return func(int, int) []int { return []int{day} }
}

// clock is a time of day in minutes.
type clock int

func (c clock) String() string { return fmt.Sprintf("%02d:%02d", c/60, c%60) }

type event struct {
	day        int
	start, end clock
	title      string
}

func printMonth(year, month int) {
	fmt.Printf("%12d-%02d\nMo Tu We Th Fr Sa Su\n", year, month)
	fmt.Print(strings.Repeat("   ", int(weekdayOf(year, month, 1))))
	for day := 1; day <= daysIn(year, month); day++ {
		sep := " "
		if weekdayOf(year, month, day) == sunday || day == daysIn(year, month) {
			sep = "\n"
		}
		fmt.Printf("%2d%s", day, sep)
	}
}

func main() {
	const year, month = 2024, 2
	var agenda []event
	plan := func(title string, start, length clock, r rule) {
		for _, day := range r(year, month) {
			agenda = append(agenda, event{day, start, start + length, title})
		}
	}
	plan("Standup", 9*60+30, 15, everyWeeks(1, 5))
	plan("Sprint planning", 9*60, 60, everyWeeks(2, 5))
	plan("Budget review", 14*60, 90, nth(2, tuesday))
	plan("Dentist", 15*60+15, 45, once(13))
	sort.Slice(agenda, func(i, j int) bool {
		a, b := agenda[i], agenda[j]
		return a.day < b.day || a.day == b.day && a.start < b.start
	})

	printMonth(year, month)
	for i, a := range agenda {
		fmt.Printf("%2d  %v-%v  %s\n", a.day, a.start, a.end, a.title)
		for _, b := range agenda[i+1:] {
			if a.day == b.day && b.start < a.end {
				fmt.Printf("    overlaps with %s at %v\n", b.title, b.start)
			}
		}
	}
}
