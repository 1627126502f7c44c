use std::collections::HashMap;

// Holds books.
struct Shelf {
    books: HashMap<String, u32>,
}

impl Shelf {
    fn put(&mut self, book: &str) {
        self.books.insert(book.to_string(), 1); // PUT
    }
}

fn main() {
    let mut shelf = Shelf { books: HashMap::new() };
    shelf.put("a");
    print(shelf);
}
