// Package shelf holds books.
package shelf

import (
	"fmt"
	str "strings"
	. "math"
	_ "example.com/plugins/paper"
	"example.com/library/v2"
)

import "os"

// MaxBooks is how many fit.
const MaxBooks = 40

const (
	Small Size = iota
	Large
)

var shared, spare *Shelf

// Size says how large a shelf is.
type Size int

// Shelf holds books.
type Shelf struct {
	library.Room
	*Board
	Name  string
	books map[string]*Book // by title
	left, right int
}

// Book has a title.
type Book struct{ Title string }

type Board = library.Board

// Holder keeps books.
type Holder interface {
	fmt.Stringer
	// Put keeps a book.
	Put(book string, copies ...int) (
		kept bool,
		err error,
	)
}

type Pair[K comparable, V any] struct {
	Key   K
	Value V
}

// Put keeps a book.
func (s *Shelf) Put(book string, copies ...int) (kept bool, err error) {
	total := MaxBooks
	for index, each := range copies {
		total += index + each
	}
	if book != "" {
		fmt.Println("put", book, total) // PUT
	}
	keep := func(title string) *Book { return &Book{Title: title} }
	s.books[book] = keep(str.ToUpper(book))
	return Sqrt(4) > 1, nil
}

func (p Pair[K, V]) First() K { return p.Key }

func Main[T any](
	values []T,
) {
	s := &Shelf{Name: "a"}
	_, _ = s.Put("a")
	os.Exit(len(values))
}
