import Foundation
@testable import Library
import struct Rooms.Room

/// How many fit.
let maxBooks = 40

typealias Shelves = [Shelf]

/// Holds books.
@MainActor
public final class Shelf<T: Book>: Furniture, Holder {
    var books: [String] = []
    private let width, height: Int
    var count: Int { books.count }
    static let shared = Shelf(width: 1)

    init(width: Int) {
        self.width = width
        super.init()
    }

    /// Keeps a book.
    @discardableResult
    func put(
        book: T,
        copies count: Int = maxBooks
    ) throws -> Bool {
        let total = count
        for each in books { print(each) }
        print("put \(book)") // PUT
        books.map { item in item.size }
        guard let first = books.first else { throw ShelfError.empty }
        return first is Place && total > Size.small.rawValue
    }

    subscript(index: Int) -> String { books[index] }
}

struct Book {
    let title: String
}

enum Size: Int {
    case small = 1
    case large, huge
    func next() -> Size { .large }
}

protocol Place: AnyObject {
    associatedtype Item
    var size: Int { get }
    func empty() -> Item
}

extension Shelf: Place {
    func empty() -> Book { Book(title: "a") }
}

func main() {
    let shelf = Shelf<Book>(width: 1)
    try? shelf.put(book: Book(title: "a"))
}
