package shelf

import (
	"fmt"
)

// Shelf holds books.
type Shelf struct {
	books []string
}

func (s *Shelf) Put(book string) {
	if book != "" {
		fmt.Println("put", book) // PUT
	}
}

func Main() {
	s := &Shelf{}
	s.Put("a")
}
