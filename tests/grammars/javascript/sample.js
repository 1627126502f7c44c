import fs from "fs";
const path = require("path");

// Holds books.
class Shelf {
  put(book) {
    for (const part of book.split(" ")) {
      console.log(part); // PUT
    }
  }
}

function main() {
  const shelf = new Shelf();
  shelf.put(`a ${path.sep} b`);
}

const twice = (n) => {
  return n * 2;
};
