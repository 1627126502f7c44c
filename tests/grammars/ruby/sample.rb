require "set"

module Library
  # Holds books.
  class Shelf
    def put(book)
      books.push("a #{book}") # PUT
    end

    def self.build
      new
    end
  end
end

def main
  Library::Shelf.build
end
