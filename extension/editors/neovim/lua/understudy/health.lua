--- `:checkhealth understudy`
local server = require("understudy.server")
local status = require("understudy.status")

local M = {}

local function check_neovim()
  if vim.fn.has("nvim-0.12") == 1 then
    vim.health.ok("Neovim " .. tostring(vim.version()))
  else
    vim.health.error("Neovim is older than 0.12.", "Install Neovim 0.12 or newer.")
  end
end

---@return boolean found
local function check_command()
  local cmd = vim.lsp.config[server.NAME].cmd
  if type(cmd) ~= "table" then
    vim.health.info("The command of the server is a function.")
    return true
  end
  if server.missing() then
    vim.health.error(("The command `%s` is not there."):format(cmd[1]), {
      "Install it: `pipx install .`, or `uv tool install .`, at the top of Understudy's repository.",
      'Or say where it is: vim.lsp.config("understudy", { cmd = { "/path/to/understudy", "lsp" } })',
    })
    return false
  end
  local ran, done = pcall(function()
    return vim.system({ cmd[1], "--version" }, { text = true, timeout = 10000 }):wait()
  end)
  if ran and done.code == 0 then
    vim.health.ok(("`%s`: %s"):format(vim.fn.exepath(cmd[1]), vim.trim(done.stdout)))
  else
    vim.health.warn(("`%s --version` failed."):format(cmd[1]), "Run it in a terminal and see what it says.")
  end
  return true
end

local function check_client()
  if not vim.lsp.is_enabled(server.NAME) then
    vim.health.error(
      "The server is not enabled.",
      'Say vim.lsp.enable("understudy"), or require("understudy").setup().'
    )
    return
  end
  local client = server.client()
  if not client then
    vim.health.warn("The server is not running.", {
      "Open a file: it starts with the first one.",
      "If it ended, :Understudy log may say why; :Understudy restart starts it.",
    })
    return
  end
  local buffers = vim.tbl_count(client.attached_buffers)
  vim.health.ok(("The server is running and attached to %d buffer%s."):format(buffers, buffers == 1 and "" or "s"))
  local answer =
    client:request_sync("workspace/executeCommand", { command = "understudy.status", arguments = {} }, 2000)
  if not answer or not answer.result then
    vim.health.warn("The server does not say how it stands.", ":Understudy restart")
    return
  end
  status.update(answer.result)
  local value = status.get()
  local report = table.concat(status.report(value), "\n  ")
  if value.state == "ready" or value.state == "starting" then
    vim.health.ok(report)
  elseif value.state == "problem" then
    vim.health.error(report, { "Run `understudy doctor` in a terminal.", "See :Understudy log." })
  else
    vim.health.info(report)
  end
end

local function check_keys()
  local found = 0
  for _, mapping in ipairs(vim.api.nvim_get_keymap("i")) do
    if vim.startswith(mapping.desc or "", "Understudy: ") and not vim.startswith(mapping.lhs, "<Plug>") then
      found = found + 1
      vim.health.ok(("%s: %s"):format(mapping.lhs, mapping.desc:sub(#"Understudy: " + 1)))
    end
  end
  if found == 0 then
    vim.health.info("No keys are set. See :help understudy-keys.")
  end
end

local function check_others()
  local others = {} ---@type string[]
  if vim.g.loaded_copilot == 1 then
    others[#others + 1] = "copilot.vim"
  end
  if package.loaded["copilot"] then
    others[#others + 1] = "copilot.lua"
  end
  for _, client in ipairs(vim.lsp.get_clients({ method = "textDocument/inlineCompletion" })) do
    if client.name ~= server.NAME and vim.lsp.inline_completion.is_enabled({ client_id = client.id, bufnr = 0 }) then
      others[#others + 1] = "the language server " .. client.name
    end
  end
  if #others > 0 then
    vim.health.warn(
      ("Ghost text also comes from %s."):format(table.concat(others, " and ")),
      "Switch one of them off: two ghost texts at one cursor cannot be told apart."
    )
  else
    vim.health.ok("No other plugin shows ghost text.")
  end
end

function M.check()
  vim.health.start("Understudy: the program")
  check_neovim()
  local found = check_command()
  vim.health.start("Understudy: the server")
  if found then
    check_client()
  end
  vim.health.start("Understudy: keys")
  check_keys()
  vim.health.start("Understudy: other plugins")
  check_others()
end

return M
