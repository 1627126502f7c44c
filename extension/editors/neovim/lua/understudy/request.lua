--- Asking the server for suggestions: one question for each buffer, void as soon as the text has moved on.
local server = require("understudy.server")
local suggestion = require("understudy.suggestion")
local text = require("understudy.text")

local M = {}

local METHOD = "textDocument/inlineCompletion"
local INVOKED, AUTOMATIC = 1, 2

---@class understudy.Request
---@field client vim.lsp.Client
---@field id? integer
---@field place string

---@type table<integer, understudy.Request>
local pending = {}

--- The text and the cursor of the current buffer, to tell whether they are still the same.
---@param buf integer The current buffer.
---@return string
function M.place(buf)
  return ("%d:%d:%d"):format(vim.api.nvim_buf_get_changedtick(buf), unpack(vim.api.nvim_win_get_cursor(0)))
end

--- Whether the current window is where a suggestion can be shown and accepted.
---@return boolean
function M.typing()
  -- With 'paste' set mappings do nothing, and so nothing could be accepted.
  return vim.api.nvim_get_mode().mode:find("^i") ~= nil and not vim.o.paste
end

--- The items of an answer that insert text at the cursor, which is where the question was asked.
---@param answer lsp.InlineCompletionList|lsp.InlineCompletionItem[]
---@param at lsp.Position
---@param encoding string
---@return understudy.Item[]
local function items_of(answer, at, encoding)
  local items = {} ---@type understudy.Item[]
  local line = vim.api.nvim_get_current_line()
  local column = vim.api.nvim_win_get_cursor(0)[2]
  for _, item in ipairs(answer.items or answer) do
    local range = item.range or { start = at, ["end"] = at }
    local inserts = type(item.insertText) == "string" and vim.deep_equal(range["end"], at)
    if inserts and range.start.line == at.line then
      local from = vim.str_byteindex(line, encoding, range.start.character, false)
      local rest = text.rest(item.insertText, line:sub(from + 1, column))
      if rest and rest ~= "" then
        items[#items + 1] = { lsp = item, text = rest }
      end
    end
  end
  return items
end

--- Ask for suggestions at the cursor. What was asked before in this buffer is cancelled.
---@param buf integer The current buffer.
---@param by_hand boolean Whether the user asked, and not the plugin while they type.
function M.ask(buf, by_hand)
  M.cancel(buf)
  local client = server.client(buf)
  if not client then
    return
  end
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding) --[[@as lsp.InlineCompletionParams]]
  params.context = { triggerKind = by_hand and INVOKED or AUTOMATIC }
  local request = { client = client, place = M.place(buf) } ---@type understudy.Request
  pending[buf] = request
  -- No waiting here: the server knows how fast its engine is, and when a pause in typing is worth a question.
  local sent, id = client:request(METHOD, params, function(err, answer)
    if pending[buf] ~= request then
      return
    end
    pending[buf] = nil
    -- Every change asks anew or agrees with what is shown, so an answer to an older text has no use.
    if vim.api.nvim_get_current_buf() == buf and M.place(buf) == request.place and M.typing() then
      local items = items_of(not err and answer or {}, params.position, client.offset_encoding)
      suggestion.offer(buf, items, by_hand)
    end
  end, buf)
  request.id = id
  if not sent then
    pending[buf] = nil
  end
end

--- The place for which an answer is awaited.
---@param buf integer
---@return string?
function M.awaited(buf)
  return pending[buf] and pending[buf].place
end

---@param buf integer
function M.cancel(buf)
  local request = pending[buf]
  pending[buf] = nil
  if request and request.id and not request.client:is_stopped() then
    request.client:cancel_request(request.id)
  end
end

return M
