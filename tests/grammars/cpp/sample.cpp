#include <string>

namespace library {

// Holds books.
class Shelf {
public:
    void put(const std::string &book) {
        keep(book); // PUT
    }
    int size() const;
};

int Shelf::size() const {
    return 1;
}

}

int main() {
    library::Shelf shelf;
    shelf.put("a");
}
