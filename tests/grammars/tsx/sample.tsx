import React, { useState } from "react";
import { Cover } from "./cover";

interface Props {
  title: string;
}

// Shows a book.
export function Book(props: Props) {
  const [open, setOpen] = useState<boolean>(false);
  const label = upper(props.title); // BOOK
  return <div className="book" onClick={() => setOpen(!open)}><Cover label={label} /></div>;
}

const upper = (text: string) => {
  return text.toUpperCase();
};

export default React.memo(Book);
