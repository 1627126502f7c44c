package shelf;

import java.util.List;

// Holds books.
public class Shelf {
    private final List<String> books = List.of();

    public Shelf() {
        reset();
    }

    public void put(String book) {
        books.add("a" + book); // PUT
    }
}

interface Room {
    int size();
}
