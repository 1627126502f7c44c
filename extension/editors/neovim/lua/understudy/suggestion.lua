--- The suggestion of a buffer: asked for, shown, typed along, accepted, dismissed.
---
--- Why this is not `vim.lsp.inline_completion`: in Neovim 0.12.4 that module keeps the position of an item and forgets
--- the text before it. Typing along and accepting before its next answer, 200 ms later, inserts what was typed twice; an
--- answer that comes late replaces a newer one; what it waits for it never cancels. A part of an item can neither be
--- accepted nor a whole one dismissed, and the server hears of neither. What it shows is a local of that module, so
--- none of this can be mended from outside. Here every step compares the item with the text at the cursor.
local ghost = require("understudy.ghost")
local options = require("understudy.options")
local server = require("understudy.server")
local text = require("understudy.text")

local M = {}

local METHOD = "textDocument/inlineCompletion"
local INVOKED, AUTOMATIC = 1, 2

local namespace = vim.api.nvim_create_namespace("understudy.anchor")

---@class understudy.Item
---@field lsp lsp.InlineCompletionItem As it came.
---@field text string What it inserts at the anchor.

---@class understudy.Suggestion
---@field items understudy.Item[]
---@field index integer The item that is shown.
---@field by_hand boolean Whether these are all alternatives there are.
---@field anchor integer An extmark where the items begin.
---@field before string The line before the anchor
---@field after string and after it, as they must still be.
---@field cycled boolean Whether the user went through the items, and so sees their number.

---@class understudy.Request
---@field client vim.lsp.Client
---@field id? integer
---@field at string The place it is for.

---@class understudy.State
---@field suggestion? understudy.Suggestion
---@field request? understudy.Request The one whose answer is awaited.
---@field asked? string The place for which was asked while typing.
---@field dismissed? integer The changedtick at which the user dismissed a suggestion.

---@type table<integer, understudy.State>
local states = {}

---@param buf integer
---@return understudy.State
local function state_of(buf)
  states[buf] = states[buf] or {}
  return states[buf]
end

--- The cursor and the text of the current buffer, to tell whether they are still the same.
---@param buf integer
---@return string
local function place(buf)
  return ("%d:%d:%d"):format(vim.api.nvim_buf_get_changedtick(buf), unpack(vim.api.nvim_win_get_cursor(0)))
end

---@param state understudy.State
local function cancel(state)
  local request = state.request
  state.request = nil
  if request and request.id and not request.client:is_stopped() then
    request.client:cancel_request(request.id)
  end
end

---@param buf integer
---@param state understudy.State
local function hide(buf, state)
  if state.suggestion and vim.api.nvim_buf_is_valid(buf) then
    vim.api.nvim_buf_del_extmark(buf, namespace, state.suggestion.anchor)
  end
  state.suggestion = nil
  ghost.clear(buf)
end

--- What the user typed since the anchor of `suggestion`; nil if the text around it is not what it was.
---@param buf integer
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
  -- An added closing bracket, for instance, may be what the item would add: that is for the server to say.
  if first:sub(1, anchor[2]) ~= suggestion.before or last:sub(column + 1) ~= suggestion.after then
    return nil
  end
  return table.concat(vim.api.nvim_buf_get_text(buf, anchor[1], anchor[2], row, column, {}), "\n")
end

--- The item that is shown, what was typed of it, and what is left.
---@param buf integer
---@return understudy.Item? item
---@return string typed
---@return string rest
local function present(buf)
  local suggestion = state_of(buf).suggestion
  local so_far = suggestion and typed(buf, suggestion)
  if not suggestion or not so_far then
    return nil, "", ""
  end
  local item = suggestion.items[suggestion.index]
  local rest = text.rest(item.text, so_far)
  if not rest or rest == "" then
    return nil, "", ""
  end
  return item, so_far, rest
end

---@param buf integer
---@return boolean shown Whether there is something to show.
local function show(buf)
  local item, _, rest = present(buf)
  if not item then
    return false
  end
  local suggestion = assert(states[buf].suggestion)
  local hint = suggestion.cycled and ("(%d/%d)"):format(suggestion.index, #suggestion.items) or nil
  ghost.draw(rest, hint)
  return true
end

---@param buf integer
---@param index integer
local function select(buf, index)
  local suggestion = assert(states[buf].suggestion)
  suggestion.index = index
  if show(buf) then
    server.notify("textDocument/didShowCompletion", { item = suggestion.items[index].lsp })
  end
end

--- Whether the current window is where a suggestion can be shown and accepted.
---@return boolean
local function typing()
  -- With 'paste' set, mappings do nothing, and so nothing could be accepted.
  return vim.api.nvim_get_mode().mode:find("^i") ~= nil and not vim.o.paste
end

--- The items of an answer that insert text at the cursor, which is where the request was made.
---@param answer lsp.InlineCompletionList|lsp.InlineCompletionItem[]
---@param params lsp.InlineCompletionParams
---@param client vim.lsp.Client
---@return understudy.Item[]
local function items_of(answer, params, client)
  local items = {} ---@type understudy.Item[]
  local line = vim.api.nvim_get_current_line()
  local column = vim.api.nvim_win_get_cursor(0)[2]
  local at = params.position
  for _, item in ipairs(answer.items or answer) do
    local range = item.range or { start = at, ["end"] = at }
    local inserts = type(item.insertText) == "string" and vim.deep_equal(range["end"], at)
    if inserts and range.start.line == at.line then
      local from = vim.str_byteindex(line, client.offset_encoding, range.start.character, false)
      local rest = text.rest(item.insertText, line:sub(from + 1, column))
      if rest and rest ~= "" then
        items[#items + 1] = { lsp = item, text = rest }
      end
    end
  end
  return items
end

---@param buf integer
---@param items understudy.Item[]
---@param by_hand boolean
local function offer(buf, items, by_hand)
  local state = state_of(buf)
  local before = present(buf)
  hide(buf, state)
  if #items == 0 then
    return
  end
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local line = vim.api.nvim_get_current_line()
  state.suggestion = {
    items = items,
    index = 1,
    by_hand = by_hand,
    cycled = by_hand and before ~= nil,
    anchor = vim.api.nvim_buf_set_extmark(buf, namespace, row - 1, column, { right_gravity = false }),
    before = line:sub(1, column),
    after = line:sub(column + 1),
  }
  -- Asked for another than the one that is shown: not the same again.
  local same = before and before.text == items[1].text
  select(buf, same and #items > 1 and 2 or 1)
end

--- Ask the server for a suggestion at the cursor of `buf`, the current buffer. What it was asked before is void.
---@param buf integer
---@param by_hand boolean
local function ask(buf, by_hand)
  local state = state_of(buf)
  cancel(state)
  local client = server.client(buf)
  if not client then
    return
  end
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding) --[[@as lsp.InlineCompletionParams]]
  params.context = { triggerKind = by_hand and INVOKED or AUTOMATIC }
  local request = { client = client, at = place(buf) } ---@type understudy.Request
  state.request = request
  -- No waiting here: the server knows how fast its engine is, and when a pause in typing is worth a question.
  _, request.id = client:request(METHOD, params, function(err, answer)
    -- Every change of the text asks anew or agrees with what is shown, so an answer to an older text has no use.
    if states[buf] ~= state or state.request ~= request then
      return
    end
    state.request = nil
    if vim.api.nvim_get_current_buf() == buf and place(buf) == request.at and typing() then
      offer(buf, items_of(not err and answer or {}, params, client), by_hand)
    end
  end, buf)
end

--- The text of the current buffer or its cursor is no longer what it was: keep what still agrees, or ask.
local function refresh()
  local buf = vim.api.nvim_get_current_buf()
  if not typing() or not server.client(buf) then
    return
  end
  local state = state_of(buf)
  if state.dismissed == vim.api.nvim_buf_get_changedtick(buf) then
    return
  end
  state.dismissed = nil
  local at = place(buf)
  if state.request and state.request.at ~= at then
    cancel(state)
  end
  if show(buf) then
    return
  end
  hide(buf, state)
  -- A key may be announced several times: as a move of the cursor and as a change.
  if state.asked == at then
    return
  end
  state.asked = at
  if options.get().automatic and vim.fn.reg_executing() == "" then
    ask(buf, false)
  end
end

--- The user is somewhere else, or does something else.
---@param buf integer
local function leave(buf)
  local state = states[buf]
  if state then
    cancel(state)
    hide(buf, state)
    state.asked = nil
  end
end

--- Insert `piece` at the cursor. One step of undo of its own, repeated by `.`, and never indented or broken.
---@param piece string
local function insert(piece)
  vim.cmd("let &l:undolevels = &l:undolevels")
  vim.api.nvim_paste(piece, false, -1)
  vim.cmd("let &l:undolevels = &l:undolevels")
end

---@param buf integer
---@param item understudy.Item
---@param so_far integer The bytes of the item's text that are in the buffer.
---@param rest string
---@param piece string The beginning of `rest` that the user took.
local function take(buf, item, so_far, rest, piece)
  local client = server.client(buf)
  if piece ~= rest then
    insert(piece)
    local skipped = #item.lsp.insertText - #item.text
    server.notify("textDocument/didPartiallyAcceptCompletion", {
      item = item.lsp,
      acceptedLength = text.units(item.lsp.insertText, skipped + so_far + #piece),
    })
    show(buf)
    return
  end
  leave(buf)
  insert(piece)
  if client and item.lsp.command then
    client:exec_cmd(item.lsp.command, { bufnr = buf })
  end
end

--- Accept the beginning of what is shown that `part` gives. Called between two keys, when text may change.
---@param part fun(rest: string): string
local function accept_now(part)
  local buf = vim.api.nvim_get_current_buf()
  local item, so_far, rest = present(buf)
  if item then
    take(buf, item, #so_far, rest, part(rest))
  end
end

---@type fun(rest: string)[]
local parts = {
  whole = function(rest)
    return rest
  end,
  word = text.word,
  line = text.line,
}

--- Whether a suggestion is shown at the cursor.
---@return boolean
function M.visible()
  return typing() and present(vim.api.nvim_get_current_buf()) ~= nil
end

--- Accept what is shown: the "whole", a "word" or a "line" of it.
---@param part "whole"|"word"|"line"
---@return boolean accepted
function M.accept(part)
  if not M.visible() then
    return false
  end
  -- As keys, so that it also works in an expression mapping and comes before what is typed after it. CTRL-X CTRL-Z
  -- closes the popup menu and leaves the text alone.
  local close = vim.fn.pumvisible() == 1 and "<C-x><C-z>" or ""
  local keys = ('%s<Cmd>lua require("understudy.suggestion")._accept("%s")<CR>'):format(close, part)
  vim.api.nvim_feedkeys(vim.keycode(keys), "in", false)
  return true
end

---@package
---@param part string
function M._accept(part)
  accept_now(parts[part])
end

--- Show another alternative, `count` further; asks for alternatives if they were not asked for yet.
---@param count integer
---@return boolean
function M.cycle(count)
  if not M.visible() then
    return false
  end
  local buf = vim.api.nvim_get_current_buf()
  local suggestion = assert(states[buf].suggestion)
  if not suggestion.by_hand then
    ask(buf, true)
    return true
  end
  suggestion.cycled = true
  select(buf, (suggestion.index - 1 + count) % #suggestion.items + 1)
  return true
end

--- Hide what is shown until the text changes.
---@return boolean
function M.dismiss()
  local buf = vim.api.nvim_get_current_buf()
  local item = present(buf)
  local state = state_of(buf)
  if not item and not state.request then
    return false
  end
  leave(buf)
  state.dismissed = vim.api.nvim_buf_get_changedtick(buf)
  if item then
    server.notify("understudy/didRejectCompletion", { item = item.lsp })
  end
  return true
end

--- Ask for suggestions now, also where nothing would be offered while typing.
function M.trigger()
  local buf = vim.api.nvim_get_current_buf()
  if typing() then
    state_of(buf).dismissed = nil
    ask(buf, true)
  end
end

--- The state of the server changed: a pause hides what is shown, the end of one asks again.
---@param state string
function M.state_changed(state)
  if state == "ready" then
    for _, of_buffer in pairs(states) do
      of_buffer.asked = nil
    end
    refresh()
  elseif state == "paused" or state == "off" then
    for buf in pairs(states) do
      leave(buf)
    end
  end
end

--- The server is gone, and with it what it offered.
function M.forget_all()
  for buf, state in pairs(states) do
    state.request = nil
    hide(buf, state)
  end
  states = {}
end

--- Watch what the user does in every buffer.
function M.watch()
  local group = vim.api.nvim_create_augroup("understudy.suggestion", {})
  vim.api.nvim_create_autocmd({ "InsertEnter", "CursorMovedI", "TextChangedI", "TextChangedP" }, {
    group = group,
    callback = refresh,
  })
  vim.api.nvim_create_autocmd({ "InsertLeave", "BufLeave", "WinLeave" }, {
    group = group,
    callback = function(event)
      leave(event.buf)
    end,
  })
  vim.api.nvim_create_autocmd({ "BufUnload", "LspDetach" }, {
    group = group,
    callback = function(event)
      local client = event.data and event.data.client_id and vim.lsp.get_client_by_id(event.data.client_id)
      if event.event == "BufUnload" or (client and client.name == server.NAME) then
        leave(event.buf)
        states[event.buf] = nil
      end
    end,
  })
end

return M
