--- Arithmetic on the text of a suggestion. Lengths are bytes unless said otherwise.
local M = {}

--- What is left of `text` after the user typed `typed`; nil if that is something else.
---@param text string
---@param typed string
---@return string?
function M.rest(text, typed)
  return vim.startswith(text, typed) and text:sub(#typed + 1) or nil
end

-- White space, then a run of keyword characters or a run of others. Vim's patterns keep combining characters with
-- the character before them, Lua's do not.
local WORD = [[^\_s*\%(\k\+\|\%(\k\@!\S\)\+\)]]

--- The beginning of `text` that "accept word" takes.
---@param text string
---@return string
function M.word(text)
  local word = vim.fn.matchstr(text, WORD)
  return word ~= "" and word or text
end

--- The beginning of `text` that "accept line" takes: up to the end of the first line that has something in it.
---@param text string
---@return string
function M.line(text)
  return (text:match("^\n*[^\n]+")) or text
end

--- `text` with its tabs as the spaces that they look like when it begins in column `column` (0 for the first).
---@param text string
---@param column integer
---@param tabstop integer
---@return string
function M.expand_tabs(text, column, tabstop)
  local pieces, width = {}, column
  for piece, tab in text:gmatch("([^\t]*)(\t?)") do
    width = width + vim.api.nvim_strwidth(piece)
    local spaces = tab == "" and 0 or tabstop - width % tabstop
    width = width + spaces
    pieces[#pieces + 1] = piece .. (" "):rep(spaces)
  end
  return table.concat(pieces)
end

--- The length of the first `bytes` of `text` in UTF-16 units, as the protocol counts.
---@param text string
---@param bytes integer
---@return integer
function M.units(text, bytes)
  return vim.str_utfindex(text:sub(1, bytes), "utf-16")
end

return M
