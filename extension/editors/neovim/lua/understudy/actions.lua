--- What the user does with a suggestion. Each says whether there was something to do.
local follow = require("understudy.follow")
local request = require("understudy.request")
local server = require("understudy.server")
local suggestion = require("understudy.suggestion")
local text = require("understudy.text")

local M = {}

---@type table<string, fun(rest: string): string> The beginning of what is left of a suggestion that the user takes.
local PARTS = {
  whole = function(rest)
    return rest
  end,
  word = text.word,
  line = text.line,
}

--- Insert `piece` at the cursor: one step of undo of its own, repeated by `.`, never indented or broken into lines.
---@param piece string
local function insert(piece)
  vim.cmd("let &l:undolevels = &l:undolevels")
  vim.api.nvim_paste(piece, false, -1)
  vim.cmd("let &l:undolevels = &l:undolevels")
end

--- Whether a suggestion is shown at the cursor.
---@return boolean
function M.visible()
  return request.typing() and suggestion.present(vim.api.nvim_get_current_buf()) ~= nil
end

--- Accept what is shown, or the beginning of it.
---@param part "whole"|"word"|"line"
---@return boolean
function M.accept(part)
  if not M.visible() then
    return false
  end
  -- As keys, so that it also works in an expression mapping and comes before what is typed after it. CTRL-X CTRL-Z
  -- closes the popup menu and leaves the text alone.
  local close = vim.fn.pumvisible() == 1 and "<C-x><C-z>" or ""
  local keys = ('%s<Cmd>lua require("understudy.actions")._accept("%s")<CR>'):format(close, part)
  vim.api.nvim_feedkeys(vim.keycode(keys), "in", false)
  return true
end

---@package
---@param part "whole"|"word"|"line"
function M._accept(part)
  local buf = vim.api.nvim_get_current_buf()
  local item, typed, rest = suggestion.present(buf)
  if not item then
    return
  end
  local piece = PARTS[part](rest)
  if piece ~= rest then
    insert(piece)
    local before = #item.lsp.insertText - #item.text
    server.notify("textDocument/didPartiallyAcceptCompletion", {
      item = item.lsp,
      acceptedLength = text.units(item.lsp.insertText, before + typed + #piece),
    })
    suggestion.show(buf)
    return
  end
  follow.leave(buf)
  insert(piece)
  server.notify("understudy/didAcceptCompletion", { item = item.lsp })
end

--- Show another alternative, `count` further; all are asked for when that is first wanted.
---@param count integer
---@return boolean
function M.cycle(count)
  if not M.visible() then
    return false
  end
  local buf = vim.api.nvim_get_current_buf()
  if not suggestion.cycle(buf, count) then
    request.ask(buf, true)
  end
  return true
end

--- Hide what is shown until the text changes.
---@return boolean
function M.dismiss()
  if not M.visible() then
    return false
  end
  local buf = vim.api.nvim_get_current_buf()
  local item = suggestion.present(buf)
  follow.dismiss(buf)
  server.notify("understudy/didRejectCompletion", { item = item and item.lsp })
  return true
end

--- Ask for suggestions now, also where nothing would be offered while typing.
---@return boolean
function M.trigger()
  if request.typing() then
    follow.trigger(vim.api.nvim_get_current_buf())
  end
  return true
end

return M
