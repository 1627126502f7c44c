--- What is offered in each buffer, and whether it still agrees with the text at the cursor.
---
--- Why this is not `vim.lsp.inline_completion`: in Neovim 0.12.4 that module keeps the position of an item and forgets
--- the text around it. Typing along and accepting before its next answer, 200 ms later, inserts what was typed twice;
--- an answer that comes late replaces a newer one; what it waits for it never cancels. A part of an item cannot be
--- accepted, nor a whole one dismissed, and the server hears of neither. What it shows is a local of that module, so
--- none of this can be mended from outside. Here every step compares the item with the text at the cursor.
local ghost = require("understudy.ghost")
local server = require("understudy.server")
local text = require("understudy.text")

local M = {}

local namespace = vim.api.nvim_create_namespace("understudy.anchor")

---@class understudy.Item
---@field lsp lsp.InlineCompletionItem As it came.
---@field text string What it inserts at the anchor.

---@class understudy.Suggestion
---@field items understudy.Item[]
---@field index integer The item that is shown.
---@field complete boolean Whether these are all the alternatives that there are.
---@field cycled boolean Whether the user went through the items, and so sees their number.
---@field anchor integer An extmark where the items begin.
---@field before string The line before the anchor
---@field after string and after it, as they must still be.

---@type table<integer, understudy.Suggestion>
local suggestions = {}

--- What the user typed since the anchor of `suggestion`; nil if the text around it is not what it was.
---@param buf integer The current buffer.
---@param suggestion understudy.Suggestion
---@return string?
local function typed(buf, suggestion)
  local anchor = vim.api.nvim_buf_get_extmark_by_id(buf, namespace, suggestion.anchor, {})
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  row = row - 1
  if not anchor[1] or row < anchor[1] or (row == anchor[1] and column < anchor[2]) then
    return nil
  end
  local first = vim.api.nvim_buf_get_lines(buf, anchor[1], anchor[1] + 1, false)[1]
  local last = vim.api.nvim_get_current_line()
  -- A closing bracket, for instance, that an editor adds may be what the item would add: the server has to say.
  if first:sub(1, anchor[2]) ~= suggestion.before or last:sub(column + 1) ~= suggestion.after then
    return nil
  end
  return table.concat(vim.api.nvim_buf_get_text(buf, anchor[1], anchor[2], row, column, {}), "\n")
end

--- What is offered at the cursor: the item, how many bytes of its text were typed, and what is left of it.
---@param buf integer The current buffer.
---@return understudy.Item? item
---@return integer typed
---@return string rest
function M.present(buf)
  local suggestion = suggestions[buf]
  local so_far = suggestion and typed(buf, suggestion)
  if so_far then
    local item = suggestion.items[suggestion.index]
    local rest = text.rest(item.text, so_far)
    if rest and rest ~= "" then
      return item, #so_far, rest
    end
  end
  return nil, 0, ""
end

--- Show what is offered at the cursor.
---@param buf integer The current buffer.
---@return boolean shown Whether there is something to show.
function M.show(buf)
  local item, _, rest = M.present(buf)
  if not item then
    return false
  end
  local suggestion = suggestions[buf]
  local hint = suggestion.cycled and ("(%d/%d)"):format(suggestion.index, #suggestion.items) or nil
  ghost.draw(rest, hint)
  return true
end

--- Offer nothing any more.
---@param buf integer
function M.drop(buf)
  if suggestions[buf] and vim.api.nvim_buf_is_valid(buf) then
    vim.api.nvim_buf_del_extmark(buf, namespace, suggestions[buf].anchor)
  end
  suggestions[buf] = nil
  ghost.clear(buf)
end

--- Offer nothing anywhere.
function M.drop_all()
  for buf in pairs(suggestions) do
    M.drop(buf)
  end
end

---@param buf integer The current buffer.
---@param index integer
local function select(buf, index)
  local suggestion = suggestions[buf]
  suggestion.index = index
  if M.show(buf) then
    server.notify("textDocument/didShowCompletion", { item = suggestion.items[index].lsp })
  end
end

--- Offer `items` at the cursor. If they were asked for as alternatives to one that is shown, that one stays among them,
--- and the next is shown.
---@param buf integer The current buffer.
---@param items understudy.Item[]
---@param by_hand boolean
function M.offer(buf, items, by_hand)
  local shown, so_far, rest = M.present(buf)
  M.drop(buf)
  if by_hand and shown and so_far == 0 then
    items = vim.tbl_filter(function(item)
      return item.text ~= rest
    end, items)
    table.insert(items, 1, shown)
  end
  if #items == 0 then
    return
  end
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local line = vim.api.nvim_get_current_line()
  suggestions[buf] = {
    items = items,
    index = 1,
    complete = by_hand,
    cycled = by_hand and shown ~= nil,
    anchor = vim.api.nvim_buf_set_extmark(buf, namespace, row - 1, column, { right_gravity = false }),
    before = line:sub(1, column),
    after = line:sub(column + 1),
  }
  select(buf, suggestions[buf].cycled and #items > 1 and 2 or 1)
end

--- Show the item that is `count` further than the one that is shown; false if there may be more to ask for.
---@param buf integer The current buffer, in which something is shown.
---@param count integer
---@return boolean
function M.cycle(buf, count)
  local suggestion = suggestions[buf]
  if not suggestion.complete then
    return false
  end
  suggestion.cycled = true
  select(buf, (suggestion.index - 1 + count) % #suggestion.items + 1)
  return true
end

return M
