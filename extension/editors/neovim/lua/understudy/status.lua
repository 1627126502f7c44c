--- How things stand, as the server says it.
local M = {}

---@class understudy.Status
---@field state "starting"|"ready"|"paused"|"problem"|"off"
---@field message? string
---@field percent? integer
---@field model? string
---@field pausedSeconds? integer
---@field files? string
---@field latencyMs? number
---@field suggestions? integer
---@field accepted? integer

---@type understudy.Status
local current = { state = "off", message = "The server is not running." }

---@return understudy.Status
function M.get()
  return current
end

--- Take a new status, and tell whoever shows it: `User UnderstudyStatus`, with the status as its data.
---@param value understudy.Status
function M.update(value)
  local before = current.state
  -- JSON's null is a value of its own here, and true.
  current = vim.iter(value):fold({}, function(kept, key, field)
    kept[key] = field ~= vim.NIL and field or nil
    return kept
  end)
  vim.api.nvim_exec_autocmds("User", { pattern = "UnderstudyStatus", modeline = false, data = current })
  vim.cmd.redrawstatus()
  if current.state ~= before then
    require("understudy.follow").state_changed(current.state)
  end
end

--- A few words for a status line; "" without a server.
---@param value? understudy.Status
---@return string
function M.words(value)
  value = value or current
  if value.state == "off" and not value.model then
    return ""
  elseif value.state == "starting" and value.percent then
    return ("Understudy starting %d%%"):format(value.percent)
  end
  return "Understudy " .. value.state
end

--- The lines of `:Understudy status`.
---@param value understudy.Status
---@return string[]
function M.report(value)
  local lines = { "Understudy " .. (value.state == "problem" and "has a problem" or "is " .. value.state) }
  if value.pausedSeconds then
    lines[1] = ("%s for %d min"):format(lines[1], math.ceil(value.pausedSeconds / 60))
  end
  if value.message and value.message ~= "" then
    table.insert(lines, value.message)
  end
  if value.model and value.model ~= "" then
    table.insert(lines, "Model: " .. value.model)
  end
  if value.files and value.files ~= "" then
    table.insert(lines, value.files)
  end
  if value.latencyMs then
    table.insert(lines, ("Answers: within %d ms (median)"):format(value.latencyMs))
  end
  if value.suggestions then
    table.insert(lines, ("Suggestions: %d, accepted: %d"):format(value.suggestions, value.accepted or 0))
  end
  return lines
end

return M
