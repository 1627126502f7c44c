--- Code actions: what the server asks of the user and shows to them, and what it is told of problems.
local server = require("understudy.server")
local window = require("understudy.window")

local M = {}

local AUTOMATIC = vim.lsp.protocol.CodeActionTriggerKind.Automatic
local CODE_ACTION = "textDocument/codeAction"
local PAUSE_MS = 300

---@param buf integer
---@param row integer From 0.
---@param column integer Bytes.
---@return lsp.Position
local function position(buf, row, column)
  local line = vim.api.nvim_buf_get_lines(buf, row, row + 1, false)[1] or ""
  return { line = row, character = vim.str_utfindex(line, "utf-16", math.min(column, #line), false) }
end

---@param a lsp.Position
---@param b lsp.Position
---@return boolean
local function before(a, b)
  return a.line < b.line or (a.line == b.line and a.character < b.character)
end

--- A diagnostic as the protocol writes it. What a server said of it is kept; its columns were that server's own.
---@param diagnostic vim.Diagnostic
---@return lsp.Diagnostic
local function written(diagnostic)
  local said = vim.tbl_get(diagnostic, "user_data", "lsp") or {}
  local buf = diagnostic.bufnr
  local start = position(buf, diagnostic.lnum, diagnostic.col)
  local stop = position(buf, diagnostic.end_lnum or diagnostic.lnum, diagnostic.end_col or diagnostic.col)
  return vim.tbl_extend("keep", { range = { start = start, ["end"] = stop } }, said, {
    message = diagnostic.message,
    severity = diagnostic.severity,
    source = diagnostic.source,
    code = diagnostic.code,
  })
end

--- The diagnostics of a buffer that touch a range, whoever reported them. Neovim itself gives a server only its own,
--- and ours reports none.
---@param buf integer
---@param range lsp.Range
---@return lsp.Diagnostic[]
local function touching(buf, range)
  local found = {} ---@type lsp.Diagnostic[]
  for _, diagnostic in ipairs(vim.diagnostic.get(buf)) do
    local it = written(diagnostic)
    if not (before(it.range["end"], range.start) or before(range["end"], it.range.start)) then
      found[#found + 1] = it
    end
  end
  return found
end

--- Tell the server of all diagnostics at a place when it is asked what can be done there, whatever asks.
---@param client vim.lsp.Client
function M.complete_requests(client)
  local request = client.request
  ---@diagnostic disable-next-line: duplicate-set-field
  function client:request(method, params, handler, buf)
    if method == CODE_ACTION then
      local in_buf = buf and buf ~= 0 and buf or vim.api.nvim_get_current_buf()
      local context = vim.tbl_extend("force", params.context, { diagnostics = touching(in_buf, params.range) })
      params = vim.tbl_extend("force", params, { context = context })
    end
    return request(self, method, params, handler, buf)
  end
end

---@type table<integer, string> The problems for which the server was last told to look ahead, by buffer.
local looked = {}

--- Let the server prepare fixes for the problems on the cursor's line, so that the menu opens on a checked one.
---@param buf integer The current buffer.
local function look_ahead(buf)
  local client = server.client(buf)
  local row = vim.api.nvim_win_get_cursor(0)[1] - 1
  local here = vim.diagnostic.get(buf, { lnum = row })
  if not client or #here == 0 then
    looked[buf] = nil
    return
  end
  local key = ("%d %d %d"):format(vim.api.nvim_buf_get_changedtick(buf), row, #here)
  if looked[buf] == key then
    return
  end
  looked[buf] = key
  local line = vim.api.nvim_buf_get_lines(buf, row, row + 1, false)[1] or ""
  client:request(CODE_ACTION, {
    textDocument = vim.lsp.util.make_text_document_params(buf),
    range = { start = position(buf, row, 0), ["end"] = position(buf, row, #line) },
    context = { diagnostics = {}, triggerKind = AUTOMATIC },
  }, function() end, buf)
end

--- Follow the cursor and the problems.
function M.start()
  local timer = assert(vim.uv.new_timer())
  vim.api.nvim_create_autocmd({ "CursorMoved", "InsertLeave", "DiagnosticChanged" }, {
    group = vim.api.nvim_create_augroup("understudy-fixes", {}),
    callback = function()
      timer:start(
        PAUSE_MS,
        0,
        vim.schedule_wrap(function()
          look_ahead(vim.api.nvim_get_current_buf())
        end)
      )
    end,
  })
end

--- Offer what can be done about the problems at the cursor.
function M.fix()
  local client = server.client(vim.api.nvim_get_current_buf())
  if not client then
    server.say("the server is not running here.", vim.log.levels.WARN)
    return
  end
  vim.lsp.buf.code_action({
    context = { only = { "quickfix" }, diagnostics = {} },
    filter = function(_, id)
      return id == client.id
    end,
  })
end

--- Change lines as the user says; without an instruction the server asks for one.
---@param first integer From 1.
---@param last integer
---@param instruction? string
function M.change(first, last, instruction)
  local buf = vim.api.nvim_get_current_buf()
  local line = vim.api.nvim_buf_get_lines(buf, last - 1, last, false)[1] or ""
  server.execute("change", {
    {
      uri = vim.uri_from_bufnr(buf),
      range = { start = position(buf, first - 1, 0), ["end"] = position(buf, last - 1, #line) },
      instruction = instruction,
    },
  })
end

--- Answer the server, which asks the user for a line of text.
---@param params { prompt: string, value?: string }
---@return string|vim.NIL
function M.ask(params)
  local thread = assert(coroutine.running())
  vim.ui.input({ prompt = vim.trim(params.prompt) .. " ", default = params.value }, function(text)
    -- Later, since `vim.ui.input` may answer before we wait.
    vim.schedule(function()
      coroutine.resume(thread, text or vim.NIL)
    end)
  end)
  return coroutine.yield()
end

--- Show an explanation.
---@param params { title: string, text: string }
function M.show(params)
  local lines = vim.split(("# %s\n\n%s"):format(params.title, vim.trim(params.text)), "\n")
  window.show("explanation", lines, "markdown")
end

return M
