package lrucache

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestPutEvictsOldest(t *testing.T) {
	cache, err := New[string, int](2)
	if err != nil {
		t.Fatal(err)
	}
	cache.Put("/home", 1)
	cache.Put("/cart", 2)
	cache.Get("/home")
	cache.Put("/help", 3)
	for path, want := range map[string]bool{"/home": true, "/cart": false, "/help": true} {
		if _, got := cache.Get(path); got != want {
			t.Errorf("Get(%q) found = %v, want %v", path, got, want)
		}
	}
}

func TestNewRejectsCapacity(t *testing.T) {
	for _, capacity := range []int{0, -3} {
		if _, err := New[string, string](capacity); !errors.Is(err, ErrCapacity) {
			t.Errorf("New(%d) error = %v", capacity, err)
		}
	}
}

func ExampleCache() {
	pages, _ := New[string, string](3)
	for _, path := range strings.Fields("/home /cart /help /home /blog /cart /home") {
		if _, ok := pages.Get(path); !ok {
			pages.Put(path, "<h1>"+path[1:]+"</h1>")
		}
	}
	fmt.Println(pages.Stats())
	fmt.Printf("hit ratio %.3f\n", pages.Stats().HitRatio())
	// Output:
	// 2 hits, 5 misses, 2 evictions
	// hit ratio 0.286
}
