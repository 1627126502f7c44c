--- What the user may choose, and what holds if they choose nothing.
local M = {}

---@class understudy.Keys
---@field accept? string|false
---@field accept_word? string|false
---@field accept_line? string|false
---@field next? string|false
---@field previous? string|false
---@field dismiss? string|false
---@field trigger? string|false

---@class understudy.Options
---@field automatic? boolean Ask while the user types; otherwise only when asked by hand.
---@field keys? understudy.Keys|false Keys of insert mode; false for none.
---@field settings? table The server's settings, as in `settings.understudy` of `vim.lsp.config`.

---@type understudy.Options
local chosen = {}

--- The options of `vim.g.understudy`, overlaid by those of `setup()`.
---@return understudy.Options
function M.get()
  return vim.tbl_deep_extend("force", { automatic = true, keys = {} }, vim.g.understudy or {}, chosen)
end

---@param options understudy.Options
function M.set(options)
  vim.validate("options", options, "table")
  vim.validate("automatic", options.automatic, "boolean", true)
  vim.validate("keys", options.keys, function(keys)
    return keys == nil or keys == false or type(keys) == "table"
  end, "table or false")
  vim.validate("settings", options.settings, "table", true)
  chosen = vim.tbl_deep_extend("force", chosen, options)
end

return M
