package org.shelves

import java.util.Date
import org.rooms.*
import org.paper.Sheet as Leaf

/** How many fit. */
const val MAX_BOOKS = 40
val shared: Shelf by lazy { Shelf("a") }

typealias Shelves = List<Shelf>

/**
 * Holds books.
 */
@Entity
open class Shelf(val name: String, private var width: Int = 1, spare: Leaf) : Furniture(width), Holder<Book> {
    // By title.
    private val books = mutableMapOf<String, Book>()
    val size: Int
        get() = books.size

    constructor(name: String) : this(name, MAX_BOOKS)

    init {
        check(width > 0)
    }

    /** Keeps a book. */
    @Synchronized
    override fun put(
        book: Book,
        vararg copies: Int,
    ): Boolean {
        val total = copies.sum()
        for (copy in copies) println(copy)
        println("put $book ${total}") // PUT
        copies.map { each -> each + total }.let { it }
        return try { books.isEmpty() } catch (failure: ShelfException) { false }
    }

    companion object {
        const val LIMIT = 3
        fun build(): Shelf = Shelf("a")
    }
}

data class Book(val title: String)

interface Holder<T> {
    fun put(book: T, vararg copies: Int): Boolean
}

sealed class Result {
    object Kept : Result()
}

enum class Size(val width: Int) {
    SMALL(1),
    LARGE(2);
}

object Room {
    val size = 1
}

fun Shelf.largest(): Book? = null

fun main() {
    val shelf = Shelf("a")
    shelf.put(Book("a"))
    Room.size is Int
}
