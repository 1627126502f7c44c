--- `:Understudy`: one row for each word it takes.
local server = require("understudy.server")
local status = require("understudy.status")
local window = require("understudy.window")

local M = {}

---@param lines string[]
local function echo(lines)
  vim.api.nvim_echo({ { table.concat(lines, "\n") } }, false, {})
end

local function show_status()
  if not server.client() then
    echo(status.report(status.get()))
    return
  end
  server.execute("status", {}, function(value)
    status.update(value)
    echo(status.report(status.get()))
  end)
end

---@param minutes? string
local function snooze(minutes)
  local number = tonumber(minutes or 5)
  if not number or number <= 0 then
    server.say("how many minutes? For example :Understudy snooze 10", vim.log.levels.ERROR)
    return
  end
  server.execute("snooze", { number }, status.update)
end

---@param language? string
local function toggle(language)
  language = server.language(language or vim.bo.filetype)
  if language == "" then
    server.say("for which language? For example :Understudy toggle python", vim.log.levels.ERROR)
    return
  end
  server.execute("toggleLanguage", { language }, function(result)
    server.say(("completions for %s are %s."):format(result.language, result.enabled and "on" or "off"))
  end)
end

---@param id string
local function select_model(id)
  server.execute("selectModel", { id }, function()
    server.say(("%s answers from now on."):format(id))
  end)
end

---@param id? string
local function model(id)
  if id then
    select_model(id)
    return
  end
  server.execute("models", {}, function(models)
    if #models == 0 then
      server.say("no models are known: the engine does not answer. See :Understudy status.", vim.log.levels.WARN)
      return
    end
    vim.ui.select(models, {
      prompt = "Model",
      format_item = function(row)
        return ("%s%s  %s"):format(row.current and "* " or "  ", row.id, row.detail)
      end,
    }, function(row)
      if row then
        select_model(row.id)
      end
    end)
  end)
end

local function start()
  if not server.client() then
    server.restart() -- an engine is started with the server
    return
  end
  server.execute("startEngine")
end

local function statistics()
  server.execute("statistics", {}, function(result)
    if result.text == "" then
      server.say("there is nothing to show yet: the server has only just started.")
      return
    end
    window.show("statistics", vim.split(vim.trim(result.text), "\n"))
  end)
end

--- Show the lines of Neovim's log of language servers that Understudy's wrote.
local function log()
  local lines = {} ---@type string[]
  local path = vim.lsp.log.get_filename()
  local cmd = vim.lsp.config[server.NAME].cmd
  if type(cmd) ~= "table" or vim.fn.filereadable(path) == 0 then
    server.say("the server has written nothing.")
    return
  end
  -- Neovim writes the program, and what it said as a Lua string in quotes.
  local mark = ('"rpc"\t%s\t"stderr"\t'):format(vim.inspect(cmd[1]))
  for line in io.lines(path) do
    local _, last = line:find(mark, 1, true)
    if last then
      local said = line:sub(last + 2, -2):gsub("\\(.)", { n = "\n", t = "\t", ["\\"] = "\\" })
      vim.list_extend(lines, vim.split(vim.trim(said), "\n"))
    end
  end
  table.insert(lines, 1, ("What the server wrote, from %s:"):format(path))
  window.show("log", lines)
  vim.cmd("normal! G")
end

---@return string[]
local function model_ids()
  local client = server.client()
  local params = { command = "understudy.models", arguments = {} }
  local answer = client and client:request_sync("workspace/executeCommand", params, 500)
  return vim.tbl_map(function(row)
    return row.id
  end, answer and answer.result or {})
end

--- Change the lines of the range, or the cursor's line, as the rest of the command says.
---@param command vim.api.keyset.create_user_command.command_args
local function change(command)
  local instruction = vim.trim(command.args:sub(#command.fargs[1] + 1))
  require("understudy.fixes").change(command.line1, command.line2, instruction ~= "" and instruction or nil)
end

---@class understudy.Word
---@field run fun(argument?: string, command: vim.api.keyset.create_user_command.command_args)
---@field arguments? fun(): string[]

---@type table<string, understudy.Word>
local WORDS = {
  status = { run = show_status },
  snooze = {
    run = snooze,
    arguments = function()
      return { "5", "15", "60" }
    end,
  },
  resume = {
    run = function()
      server.execute("resume", {}, status.update)
    end,
  },
  toggle = {
    run = toggle,
    arguments = function()
      return vim.fn.getcompletion("", "filetype")
    end,
  },
  model = { run = model, arguments = model_ids },
  start = { run = start },
  stop = {
    run = function()
      server.execute("stopEngine")
    end,
  },
  restart = { run = server.restart },
  log = { run = log },
  stats = { run = statistics },
  fix = {
    run = function()
      require("understudy.fixes").fix()
    end,
  },
  change = {
    run = function(_, command)
      change(command)
    end,
  },
  cancel = {
    run = function()
      server.execute("cancelFix")
    end,
  },
}

---@param begun string
---@param line string
---@return string[]
local function complete(begun, line)
  local word = line:match("^%s*%S+%s+(%S+)%s")
  local choices = {} ---@type string[]
  if not word then
    choices = vim.tbl_keys(WORDS)
    table.sort(choices)
  elseif WORDS[word] and WORDS[word].arguments then
    choices = WORDS[word].arguments()
  end
  return vim.tbl_filter(function(choice)
    return vim.startswith(choice, begun)
  end, choices)
end

function M.define()
  vim.api.nvim_create_user_command("Understudy", function(command)
    local word, argument = unpack(command.fargs)
    local row = WORDS[word or "status"]
    if row then
      row.run(argument, command)
    else
      server.say(("there is no `:Understudy %s`. See :help :Understudy."):format(word), vim.log.levels.ERROR)
    end
  end, { nargs = "*", range = true, complete = complete, desc = "Understudy: status, pause, models, server, fixes" })
end

return M
