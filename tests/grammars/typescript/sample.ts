import { readFile } from "fs";
import type { Author, Title as Name } from "./author";
import rooms = require("./rooms");
export * from "./all";
export { Paper } from "../paper";

/** Has a title. */
export interface Book extends Item, rooms.Thing<Author> {
  title: string;
  readonly pages?: number;
  read(page: number, { mark }: { mark: boolean }): Promise<Name>;
}

enum Size {
  Small,
  Large = "large",
}

type Shelves = Map<string, Shelf> | undefined;
export type Options = Partial<Book> & {
  depth: number;
};

// Holds books.
@Component({ selector: "shelf" })
export abstract class Shelf<T extends Book> extends Furniture<T> implements Holder, rooms.Room {
  private books: Book[] = [];
  @Input() static limit?: Size;

  constructor(private readonly name: string, width = 1) {
    super(width);
  }

  /** Keeps a book. */
  @Logged()
  put(book: T): void {
    this.books.push(book); /* PUT */
    const found = this.books.find((each) => each.title === (book as Item).title);
    if (found) this.size = Size.Small;
  }

  abstract empty(): boolean;
}

namespace tools {
  export const version = 1;
  export function sharpen(): void {}
}

declare function open(path: string): Shelf<Book>;
declare global {
  interface Window {
    shelf: typeof open;
  }
}

export default function main(options: Options): void {
  const shelf = new Shelf<Book>();
  shelf.put({ title: "a" });
  readFile(`x`, () => {});
}
