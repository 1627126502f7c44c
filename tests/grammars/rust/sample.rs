//! Shelves.
use std::collections::HashMap;
use std::{fmt, io::{self, Read as Input}};
use crate::library::{room::Room, *};
use super::book as volume;
pub use self::parts::Board;
extern crate paper as sheets;
mod parts;

/// How many fit.
pub const MAX_BOOKS: usize = 40;
static SHARED: Option<Shelf> = None;

/// Holds books.
#[derive(Debug, Clone)]
pub struct Shelf<T = Book> {
    /// By title.
    pub books: HashMap<String, T>,
    name: String,
}

struct Point(i32, i32);

pub type Shelves = Vec<Shelf>;

pub enum Size {
    Small,
    Wide { width: u32 },
    Tall(u32),
}

/// Keeps books.
pub trait Holder: fmt::Debug + Room {
    const LIMIT: usize;
    type Item;
    fn put(&mut self, book: &str) -> bool;
    fn size(&self) -> usize {
        Self::LIMIT
    }
}

impl<T> Shelf<T>
where
    T: Clone,
{
    /// An empty one.
    pub fn new(name: String) -> Self {
        Self { books: HashMap::new(), name }
    }
}

impl Holder for Shelf {
    const LIMIT: usize = MAX_BOOKS;
    type Item = Book;

    fn put(&mut self, book: &str) -> bool {
        let kept = self.books.contains_key(book);
        self.books.insert(book.to_string(), volume::Book::default()); // PUT
        kept
    }
}

macro_rules! shelf {
    ($name:expr) => { Shelf::new($name) };
}

mod tests {
    use super::*;

    #[test]
    fn keeps() {
        assert!(shelf!("a".into()).put("b"));
    }
}

async fn main() -> io::Result<()> {
    let mut shelf: Shelf = Shelf::new("a".into());
    let add = |book: &str| shelf.put(book);
    add("a");
    match Size::Small {
        Size::Wide { width } if width > 1 => open(width).await?,
        other => print(other),
    }
    Ok(())
}
