package org.shelf;

import java.util.List;
import java.util.*;
import static java.lang.Math.max;
import static org.junit.Assert.*;

/**
 * Holds books.
 *
 * @author nobody
 */
@Entity
@Table(name = "shelf")
public class Shelf<T extends Book> extends Furniture<T> implements Holder, Comparable<Shelf> {
    public static final int MAX_BOOKS = 40, SPARE = 2;
    // By title.
    private final List<Book> books = List.of();

    public Shelf(String name) {
        this.name = name;
        reset();
    }

    /** Keeps a book. */
    @Override
    public <R> R put(
            Book book,
            int... copies) throws ShelfException {
        int total = max(1, copies.length);
        for (int copy : copies) {
            total += copy;
        }
        try {
            books.add("a" + book.title()); // PUT
        } catch (IllegalStateException failure) {
            throw new ShelfException(failure, total);
        }
        Holder.build(Size.SMALL, each -> each.shelf);
        return null;
    }

    static class Board {
        int width;
    }
}

/** Has a title. */
record Book(String title, Author author) implements Holder {
    Book {
        check(title);
    }
}

interface Holder extends Closeable, Room<Book> {
    int LIMIT = 3;

    int size();

    default void clear() { }
}

enum Size implements Holder {
    SMALL(1),
    LARGE(2);

    private final int width;
}

@interface Entity {
    String name() default "";
}
