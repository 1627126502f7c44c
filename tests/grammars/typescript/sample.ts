import { readFile } from "fs";

interface Book {
  title: string;
}

enum Size {
  Small,
}

// Holds books.
export class Shelf {
  private books: Book[] = [];

  put(book: Book): void {
    this.books.push(book); /* PUT */
  }
}

export function main(): void {
  const shelf = new Shelf();
  shelf.put({ title: "a" });
  readFile(`x`, () => {});
}
