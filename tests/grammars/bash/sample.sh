#!/bin/sh
. ./shelf.sh
source "$HERE/other.sh"

# How many fit.
MAX_BOOKS=40
export SHELF_NAME="a"
readonly LIMIT=$MAX_BOOKS
declare -a books

# Puts a book.
put() {
  local book=$1 copies
  total=1
  if [ -n "$book" ]; then
    echo "put $book $LIMIT" # PUT
  fi
  for each in "${books[@]}"; do keep "$each"; done
}

function main {
  put 'a' && warn "$(size "$SHELF_NAME")"
  trap cleanup EXIT
}

main "$@"
