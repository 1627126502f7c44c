local shelf = require("shelf")
local size = require "library.size"
local room = require("library.room").room
require("paper")

-- How many fit.
MAX_BOOKS = 40
local limit <const> = MAX_BOOKS

local Shelf = {
  width = 1,
  open = function(name) return name end,
}
Shelf.spare = 2
Shelf.__index = Shelf

-- Puts a book.
local function put(book, ...)
  local total = limit
  if book then
    print("put", book, total) -- PUT
  end
  for key, value in pairs({ ... }) do
    total = total + value.size
  end
  return function(last) return last, total end
end

--- How many there are.
-- @return a number
function shelf.size()
  return 1
end

function Shelf:clear(hard)
  self.books = {}
  put("a")
  room:sweep(hard)
end

Shelf.close = function(self)
  size(self)
end

return Shelf
