<?php

namespace Library;

use DateTime;

// Holds books.
class Shelf
{
    public function put(string $book): void
    {
        printf("put %s", $book); // PUT
        $this->sort();
    }
}

interface Room
{
    public function size(): int;
}

function main(): void
{
    echo 'a';
}
