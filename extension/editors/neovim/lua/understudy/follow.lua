--- Follows what the user does in insert mode: what is offered moves along, goes, or is asked for anew.
local options = require("understudy.options")
local request = require("understudy.request")
local server = require("understudy.server")
local suggestion = require("understudy.suggestion")

local M = {}

---@type table<integer, string> The place for which was asked last, by buffer.
local asked = {}
---@type table<integer, integer> The changedtick at which the user dismissed a suggestion, by buffer.
local dismissed = {}

--- The text or the cursor of the current buffer is no longer what it was.
function M.refresh()
  local buf = vim.api.nvim_get_current_buf()
  if not request.typing() or not server.client(buf) then
    return
  end
  if dismissed[buf] == vim.api.nvim_buf_get_changedtick(buf) then
    return
  end
  dismissed[buf] = nil
  local place = request.place(buf)
  local awaited = request.awaited(buf)
  if awaited and awaited ~= place then
    request.cancel(buf)
  end
  if suggestion.show(buf) then
    return
  end
  suggestion.drop(buf)
  -- A key may be announced several times: as a move of the cursor and as a change.
  if asked[buf] == place then
    return
  end
  asked[buf] = place
  if options.get().automatic then
    request.ask(buf, false)
  end
end

--- The user is somewhere else, or does something else.
---@param buf integer
function M.leave(buf)
  request.cancel(buf)
  suggestion.drop(buf)
  asked[buf] = nil
end

--- The user wants nothing here until they change the text.
---@param buf integer The current buffer.
function M.dismiss(buf)
  M.leave(buf)
  dismissed[buf] = vim.api.nvim_buf_get_changedtick(buf)
end

--- The user wants something here after all.
---@param buf integer The current buffer.
function M.trigger(buf)
  dismissed[buf] = nil
  request.ask(buf, true)
end

--- The server stands otherwise: a pause hides what is shown, the end of one asks again.
---@param state string
function M.state_changed(state)
  if state == "ready" then
    asked = {}
    M.refresh()
  elseif state == "paused" or state == "off" then
    suggestion.drop_all()
  end
end

---@param buf integer
local function forget(buf)
  M.leave(buf)
  dismissed[buf] = nil
end

--- Follow the user in every buffer.
function M.start()
  local group = vim.api.nvim_create_augroup("understudy", {})
  vim.api.nvim_create_autocmd({ "InsertEnter", "CursorMovedI", "TextChangedI", "TextChangedP" }, {
    group = group,
    callback = M.refresh,
  })
  vim.api.nvim_create_autocmd({ "BufLeave", "WinLeave" }, {
    group = group,
    callback = function(event)
      M.leave(event.buf)
    end,
  })
  -- InsertLeave does not come with CTRL-C, nor when <Insert> begins to replace.
  vim.api.nvim_create_autocmd("ModeChanged", {
    group = group,
    pattern = "i*:[^i]*",
    callback = function(event)
      M.leave(event.buf)
    end,
  })
  vim.api.nvim_create_autocmd("BufUnload", {
    group = group,
    callback = function(event)
      forget(event.buf)
    end,
  })
  vim.api.nvim_create_autocmd("LspDetach", {
    group = group,
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == server.NAME then
        forget(event.buf)
      end
    end,
  })
end

return M
