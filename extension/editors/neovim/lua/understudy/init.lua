--- Inline completions from an open model: ghost text at the cursor.
---
--- Nothing here has to be called: the plugin starts by itself. See |understudy|.
local M = {}

local started = false

--- Change the options; may be called again.
---@param options? understudy.Options
function M.setup(options)
  require("understudy.options").set(options or {})
  if options and options.settings then
    require("understudy.server").configure(options.settings)
  end
  if started and vim.v.vim_did_enter == 1 then
    require("understudy.keys").set()
  end
  M.start()
end

--- Start the server for the buffers that are open and for those to come, and watch them.
function M.start()
  if started then
    return
  end
  started = true
  require("understudy.command").define()
  require("understudy.keys").define_plugs()
  require("understudy.follow").start()
  require("understudy.fixes").start()
  require("understudy.server").enable()
  -- After the user's own configuration, whose keys come first.
  if vim.v.vim_did_enter == 1 then
    M._entered()
  else
    vim.api.nvim_create_autocmd("VimEnter", { once = true, callback = M._entered })
  end
end

---@package
function M._entered()
  require("understudy.keys").set()
  local server = require("understudy.server")
  local missing = server.missing()
  if missing then
    server.say(missing, vim.log.levels.WARN)
  end
end

--- Accept what is shown. Like the others below it says whether there was something to do, so that a mapping can do
--- something else instead; all of them also work in an expression mapping.
---@return boolean
function M.accept()
  return require("understudy.actions").accept("whole")
end

---@return boolean
function M.accept_word()
  return require("understudy.actions").accept("word")
end

---@return boolean
function M.accept_line()
  return require("understudy.actions").accept("line")
end

---@return boolean
function M.next()
  return require("understudy.actions").cycle(1)
end

---@return boolean
function M.previous()
  return require("understudy.actions").cycle(-1)
end

--- Hide what is shown until the text changes.
---@return boolean
function M.dismiss()
  return require("understudy.actions").dismiss()
end

--- Ask for suggestions now.
---@return boolean
function M.trigger()
  return require("understudy.actions").trigger()
end

--- Whether a suggestion is shown at the cursor.
---@return boolean
function M.visible()
  return require("understudy.actions").visible()
end

--- A few words for a status line: `%{v:lua.require'understudy'.status()}`.
---@return string
function M.status()
  return require("understudy.status").words()
end

return M
