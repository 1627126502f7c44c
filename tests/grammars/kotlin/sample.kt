package library

import java.util.Date

// Holds books.
class Shelf {
    fun put(book: String) {
        println("put $book") // PUT
    }
}

object Room {
    val size = 1
}

fun main() {
    val shelf = Shelf()
    shelf.put("a")
}
