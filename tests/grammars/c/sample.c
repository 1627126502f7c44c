#include <stdio.h>
#include "shelf.h"

/* How many fit. */
#define MAX_BOOKS 40
#define SIZE(shelf) ((shelf)->count)

/* Holds books. */
struct shelf {
    int count; /* of all */
    struct book *books[MAX_BOOKS], *spare;
    int (*compare)(const struct book *, const struct book *);
};

typedef struct board {
    unsigned width;
} board_t;

typedef int (*visit_fn)(struct shelf *);

enum size { SMALL, LARGE = 4 };

union value {
    int number;
};

extern int shelf_open(const char *path);
static const char *const names[] = {
    "a",
    "b",
};
int shared = 1;

/**
 * Puts a book.
 */
static int
put(struct shelf *s, const char *book)
{
    board_t local, *other = NULL;
    for (int index = 0; index < SMALL; index++)
        local.width += index;
    printf("%s %d\n", book, SIZE(s)); // PUT
    return s->count++ + other->width;
}

char *name(void)
{
    return names[0];
}

#ifdef SPARE
void spare(visit_fn visit);
#endif
