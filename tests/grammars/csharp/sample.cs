using System;

namespace Library
{
    // Holds books.
    public class Shelf
    {
        public Shelf()
        {
            Reset();
        }

        public void Put(string book)
        {
            Console.WriteLine($"put {book} here"); // PUT
        }
    }

    interface IRoom
    {
        int Size();
    }
}
