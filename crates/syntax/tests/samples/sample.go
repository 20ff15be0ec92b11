// Package sample shows things.
package sample

import (
	"fmt"
	web "net/http"
	. "example.com/dot/pkg"
	_ "example.com/side/effect"
)

// Limit says how many.
const (
	Limit, other = 1, 2
)

var counter int

// Store keeps.
type Store[T any] struct{ items []T }
type Keeper interface {
	Keep(key string) error
}
type name = string

// Add adds.
func (s *Store[T]) Add(item T, more ...T) (int, error) {
	if err := s.check(item); err != nil && len(more) > 0 {
		return 0, err
	} else if len(more) > Limit {
		for _, m := range more {
			s.Add(m)
		}
	} else {
		switch len(more) {
		case 1, 2:
			fmt.Println("text")
		default:
		}
	}
	select {
	case <-ch:
	}
	go func() { web.HandleFunc("/path", handler) }()
	return 0, nil
}

func main() {
outer:
	for {
		break outer
	}
}
