local shelf = require("shelf")

-- Puts a book.
local function put(book)
  if book then
    print("put", book) -- PUT
  end
end

function shelf.size()
  return 1
end

function shelf:clear()
  put("a")
end
