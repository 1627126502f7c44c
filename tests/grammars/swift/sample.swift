import Foundation

// Holds books.
class Shelf {
    var books: [String] = []

    func put(book: String) {
        print("put \(book)") // PUT
    }
}

struct Room {
    let size = 1
}

protocol Place {
    func size() -> Int
}

func main() {
    let shelf = Shelf()
    shelf.put(book: "a")
}
