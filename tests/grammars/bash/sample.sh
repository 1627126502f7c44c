#!/bin/sh
. ./shelf.sh
source other.sh

# Puts a book.
put() {
  if [ -n "$1" ]; then
    echo "put $1" # PUT
  fi
}

function main {
  put 'a'
}
