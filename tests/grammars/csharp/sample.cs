using System;
using System.Collections.Generic;
using static System.Math;
using Text = System.String;

namespace Library.Shelves
{
    /// <summary>
    /// Holds books.
    /// </summary>
    [Serializable]
    public class Shelf<T> : Furniture, IHolder<T>, Rooms.IRoom
        where T : Book
    {
        public const int MaxBooks = 40;
        private readonly List<T> books = new List<T>(), spare;

        /// <summary>How many there are.</summary>
        public int Count => books.Count;
        public string Name { get; set; } = "a";
        public event Action<T> Changed;

        public Shelf(int width) : base(width)
        {
            Reset();
        }

        [Obsolete]
        public bool Put(
            T book,
            int copies = MaxBooks)
        {
            var total = Max(copies, 1);
            foreach (var each in books)
            {
                total += each.Pages;
            }
            Console.WriteLine($"put {book} here"); // PUT
            books.Add(book);
            return Changed?.Invoke(book) ?? Size.Small == default;
        }

        public T this[int index] => books[index];
        public static Shelf<T> operator +(Shelf<T> one, T two) => one;
    }

    public record Book(string Title, int Pages);

    public struct Board
    {
        public int Width;
    }

    interface IHolder<T> : IDisposable
    {
        int Size();
    }

    enum Size
    {
        Small,
        Large = 4,
    }

    public delegate void Visit(Book book);

    static class Extensions
    {
        public static int Pages(this Book book) => new Board { Width = 1 }.Width;
    }
}
