<?php

namespace Library\Shelves;

use DateTime;
use Library\Rooms\Room as Place;
use Library\Books\{Book, Author as Writer};
use function Library\keep;
use const Library\LIMIT;

require_once 'vendor/autoload.php';
include __DIR__ . '/other.php';

/** How many fit. */
const MAX_BOOKS = 40;
define('SPARE', 2);

/**
 * Holds books.
 *
 * @internal
 */
#[Entity]
final class Shelf extends Furniture implements Holder, \Countable
{
    use Dusty;

    public const LIMIT = MAX_BOOKS;
    /** @var Book[] */
    private array $books = [], $spare;
    protected static ?Place $place = null;

    public function __construct(private string $name, int $width = 1)
    {
        parent::__construct($width);
    }

    /** Keeps a book. */
    #[Route('/put')]
    public function put(
        string $book,
        Writer ...$writers
    ): bool {
        $total = self::LIMIT;
        foreach ($writers as $key => $writer) {
            $total += $writer->age($key);
        }
        printf("put %s", $book); // PUT
        $this->sort();
        $this->books[] = new Book($book);
        $sum = fn (int $one) => $one + $total;
        return Shelf::build() instanceof Place;
    }
}

interface Holder extends Room
{
    public function size(): int;
}

trait Dusty
{
    public $dust;
}

enum Size: string
{
    case Small = 's';
}

function main(?DateTime $when): void
{
    echo 'a', keep($when, MAX_BOOKS);
}
