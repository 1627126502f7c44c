#include <string>
#include "library/room.h"
using std::vector;
using namespace library;
using Text = std::string;

namespace library {

constexpr int kMaxBooks = 40;

template <typename T> class Holder;

// Holds books.
template <typename T>
class Shelf final : public Room, private detail::Holder<T> {
public:
    explicit Shelf(int width = kMaxBooks) : width_(width) {}
    ~Shelf();
    /// Keeps a book.
    template <typename B>
    void put(const std::string &book, B other = B()) {
        keep(book); // PUT
    }
    virtual int size() const = 0;
    Shelf &operator+=(const Shelf &other);
    static int shared;
    using Item = T;
    enum class State { Open, Closed };

private:
    std::vector<T> books_;
    int width_ = 1, spare_;
};

struct Book {
    std::string title;
};

int Shelf::size() const {
    auto total = width_;
    for (const auto &book : books_)
        total += book.length();
    return total;
}

template <typename T> T largest(T first, T second);

typedef unsigned int uint;

#define SHELF(name) Shelf<Book> name

}  // namespace library

namespace a::b {
void deep();
}

bool operator==(const Book &one, const Book &two) { return one.title == two.title; }

int main() {
    library::Shelf<Book> shelf;
    auto add = [&](Book &book) { shelf.put(book.title); };
    shelf.put("a");
    return static_cast<int>(library::Shelf<Book>::State::Open) + new Book();
}
