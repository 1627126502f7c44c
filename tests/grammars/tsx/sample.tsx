import React from "react";

// Shows a book.
export function Book(props: { title: string }) {
  const label = upper(props.title); // BOOK
  return <div className="book">{label}</div>;
}

const upper = (text: string) => {
  return text.toUpperCase();
};
