import fs from "fs";
import fallback, { join, sep as separator } from "path";
import * as rooms from "./rooms";
import "./side";
export * from "./all";
export * as books from "./books";
export { Author, Title as Name } from "./author";
const path = require("path");
const { Paper, Ink: Colour } = require("./paper");
const first = require("./list").first;
require("./setup");
module.exports = require("./whole");

// How many fit.
export const MAX_BOOKS = 40,
  spare = 2;
const { left, right: other } = rooms;

/**
 * Holds books.
 * @class
 */
class Shelf extends rooms.Furniture {
  #width = 1;
  limit = MAX_BOOKS;

  constructor(name) {
    super(name);
    this.name = name;
  }

  // Keeps a book.
  async put(book, { hard = false, ...others }, [copy], ...rest) {
    const total = this.#width;
    for (const part of book.split(" ")) {
      console.log(part, total); // PUT
    }
    try {
      rest.map((each) => each + copy);
    } catch (failure) {
      fallback(failure, hard, { others, limit: LIMIT });
    }
    function helper(value) {
      return value;
    }
    return helper(this.limit);
  }

  handle = (event) => {
    this.put(event);
  };

  get size() { return this.name.length; }
}

function main() {
  const shelf = new Shelf();
  shelf.put(`a ${path.sep} b`);
}

const twice = (n) => {
  return n * 2;
};

const api = {
  get() {},
  post: function (body) { return body; },
  retries: 3,
};

exports.open = function (name) { return <rooms.Door name={name} />; };
Shelf.prototype.close = function () {};
module.exports = { shelf: Shelf, main };
const later = () => import("./later");

export { main as run };
export default Shelf;
