// Package lrucache provides a bounded cache that discards the least recently
// used entry and keeps statistics about its lookups. A Cache is safe for
// concurrent use.
package lrucache

import (
	"container/list"
	"errors"
	"fmt"
	"sync"
)

// ErrCapacity is returned by New for a capacity below one.
var ErrCapacity = errors.New("lrucache: capacity must be positive")

// Stats counts what happened to a cache so far.
type Stats struct {
	Hits, Misses, Evictions int
}

// HitRatio is the share of lookups that were answered from the cache.
func (s Stats) HitRatio() float64 {
	if lookups := s.Hits + s.Misses; lookups > 0 {
		return float64(s.Hits) / float64(lookups)
	}
	return 0
}

func (s Stats) String() string {
	return fmt.Sprintf("%d hits, %d misses, %d evictions", s.Hits, s.Misses, s.Evictions)
}

type entry[K comparable, V any] struct {
	key   K
	value V
}

// Cache maps keys to values; the front of its list is the newest entry.
type Cache[K comparable, V any] struct {
	mu       sync.Mutex
	capacity int
	recency  *list.List
	elements map[K]*list.Element
	stats    Stats
}

// New returns an empty cache with room for capacity entries.
func New[K comparable, V any](capacity int) (*Cache[K, V], error) {
	if capacity < 1 {
		return nil, ErrCapacity
	}
	return &Cache[K, V]{
		capacity: capacity,
		recency:  list.New(),
		elements: make(map[K]*list.Element, capacity),
	}, nil
}

// Get looks key up and, when it is there, marks it as the newest.
func (c *Cache[K, V]) Get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.elements[key]
	if !ok {
		c.stats.Misses++
		return value, false
	}
	c.stats.Hits++
	c.recency.MoveToFront(element)
	return element.Value.(*entry[K, V]).value, true
}

// Put stores value under key, evicting the oldest entry if need be.
func (c *Cache[K, V]) Put(key K, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, ok := c.elements[key]; ok {
		element.Value.(*entry[K, V]).value = value
		c.recency.MoveToFront(element)
		return
	}
	c.elements[key] = c.recency.PushFront(&entry[K, V]{key, value})
	if c.recency.Len() > c.capacity {
		oldest := c.recency.Remove(c.recency.Back()).(*entry[K, V])
		delete(c.elements, oldest.key)
		c.stats.Evictions++
	}
}

// Stats returns a copy of the counters.
func (c *Cache[K, V]) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stats
}
