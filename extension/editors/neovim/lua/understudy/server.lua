--- The language server behind the plugin: talking to it, and starting it again when it dies.
local M = {}

M.NAME = "understudy"

-- As VS Code's client library does it: a fifth end within three minutes is one too many.
local RESTARTS = 4
local WITHIN_MS = 3 * 60 * 1000
local PAUSE_MS = 200
local STOP_MS = 3000
local SIGTERM = 15

---@type integer[] When the server was started again, in `vim.uv.now()`.
local restarts = {}
local restarting = false
---@type table<integer, lsp.WorkspaceFolder[]> Folders that came up before the server was ready to hear of them.
local unannounced = {}

-- Where the name that LSP gives a language is not Vim's.
local LANGUAGES = { bash = "shellscript", cs = "csharp", make = "makefile", sh = "shellscript", tex = "latex" }

---@param filetype string
---@return string
function M.language(filetype)
  return LANGUAGES[filetype] or filetype
end

---@param message string
---@param level? integer
function M.say(message, level)
  vim.notify("Understudy: " .. message, level or vim.log.levels.INFO)
end

--- The client of a buffer, or of any buffer.
---@param buf? integer
---@return vim.lsp.Client?
function M.client(buf)
  return vim.lsp.get_clients({ name = M.NAME, bufnr = buf })[1]
end

--- Start the server for the buffers that are open and for those to come.
function M.enable()
  vim.lsp.enable(M.NAME)
end

--- Why the server cannot be started, if so.
---@return string?
function M.missing()
  local cmd = vim.lsp.config[M.NAME].cmd
  if type(cmd) == "table" and vim.fn.executable(cmd[1]) == 0 then
    return ("the command `%s` is not there. :checkhealth understudy says how to install it."):format(cmd[1])
  end
end

---@param client vim.lsp.Client
---@param folders lsp.WorkspaceFolder[]
local function announce(client, folders)
  client:notify("workspace/didChangeWorkspaceFolders", { event = { added = folders, removed = {} } })
end

--- The server has answered `initialize`.
---@param client vim.lsp.Client
function M.initialized(client)
  -- Neovim's own inline completion must not show the same text a second time, whoever switches that on.
  client.server_capabilities.inlineCompletionProvider = nil
  require("understudy.fixes").complete_requests(client)
  local folders = unannounced[client.id]
  unannounced[client.id] = nil
  if folders then
    announce(client, folders)
  end
end

--- Whether `client` serves a buffer in the folder of `config` too; it is told of a new folder.
---@param client vim.lsp.Client
---@param config vim.lsp.ClientConfig
---@return boolean
function M.reuse(client, config)
  if client.name ~= config.name or client:is_stopped() then
    return false
  end
  local root = config.root_dir
  if root then
    local uri = vim.uri_from_fname(root)
    local folders = client.workspace_folders or {}
    for _, folder in ipairs(folders) do
      if folder.uri == uri then
        return true
      end
    end
    local added = { uri = uri, name = root }
    client.workspace_folders = vim.list_extend(folders, { added })
    if client.initialized then
      announce(client, { added })
    else
      unannounced[client.id] = vim.list_extend(unannounced[client.id] or {}, { added })
    end
  end
  return true
end

---@param method string
---@param params table
function M.notify(method, params)
  local client = M.client()
  if client then
    client:notify(method, params)
  end
end

--- Run a command of the server. `answered` gets its result; a failure is told to the user.
---@param command string
---@param arguments? any[]
---@param answered? fun(result: any)
function M.execute(command, arguments, answered)
  local client = M.client()
  if not client then
    M.say("the server is not running. Open a file, or type :Understudy restart.", vim.log.levels.WARN)
    return
  end
  local params = { command = "understudy." .. command, arguments = arguments or {} }
  client:request("workspace/executeCommand", params, function(err, result)
    if err then
      M.say(err.message, vim.log.levels.ERROR)
    elseif answered then
      answered(result)
    end
  end)
end

--- Make the server read other settings, without starting it again.
---@param settings table As in `settings.understudy`.
function M.configure(settings)
  vim.lsp.config(M.NAME, { settings = { understudy = settings } })
  for _, client in ipairs(vim.lsp.get_clients({ name = M.NAME })) do
    client.settings = vim.deepcopy(vim.lsp.config[M.NAME].settings)
    client:notify("workspace/didChangeConfiguration", { settings = client.settings })
  end
end

--- End the server, if it runs, and start it.
function M.restart()
  restarts = {}
  local clients = vim.lsp.get_clients({ name = M.NAME })
  restarting = #clients > 0
  for _, client in ipairs(clients) do
    client:stop(STOP_MS)
  end
  if not restarting then
    M.enable()
  end
end

--- The server has ended. What nobody asked for is made good, within limits.
---@param code integer
---@param signal integer
function M.exited(code, signal)
  vim.schedule(function()
    require("understudy.suggestion").drop_all()
    require("understudy.status").update({ state = "off", message = "The server is not running." })
    -- Asked to end, it ends with 0; the rest is a fault, or somebody killed it.
    local asked = code == 0 and (signal == 0 or signal == SIGTERM)
    if vim.v.exiting ~= vim.NIL or not vim.lsp.is_enabled(M.NAME) or (asked and not restarting) then
      return
    end
    if not restarting and not M.may_restart(vim.uv.now()) then
      local message = "the server ended five times within three minutes and stays off."
      require("understudy.status").update({ state = "problem", message = "The server ended too often." })
      M.say(message .. " See :Understudy log, then type :Understudy restart.", vim.log.levels.ERROR)
      return
    end
    restarting = false
    vim.defer_fn(M.enable, PAUSE_MS)
  end)
end

--- Whether the server may be started once more at the time `now`; that is then noted.
---@param now integer
---@return boolean
function M.may_restart(now)
  restarts = vim.tbl_filter(function(time)
    return now - time < WITHIN_MS
  end, restarts)
  if #restarts >= RESTARTS then
    return false
  end
  restarts[#restarts + 1] = now
  return true
end

return M
