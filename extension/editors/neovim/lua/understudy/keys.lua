--- The keys of insert mode. Where there is nothing to accept, a key does what it did before.
local options = require("understudy.options")

local M = {}

---@class understudy.Action
---@field name string The function of `require("understudy")`.
---@field key string
---@field taken boolean Whether the key is taken although it had a meaning before; else only a free one.
---@field what string

---@type understudy.Action[]
local ACTIONS = {
  -- Neovim itself maps <Tab>, for snippets, so it is never free.
  { name = "accept", key = "<Tab>", taken = true, what = "Accept the suggestion" },
  { name = "accept_word", key = "<M-Right>", taken = false, what = "Accept the next word" },
  { name = "accept_line", key = "<M-C-Right>", taken = false, what = "Accept the next line" },
  { name = "next", key = "<M-]>", taken = false, what = "Show the next suggestion" },
  { name = "previous", key = "<M-[>", taken = false, what = "Show the previous suggestion" },
  { name = "dismiss", key = "<C-]>", taken = false, what = "Dismiss the suggestion" },
  { name = "trigger", key = [[<M-\>]], taken = false, what = "Ask for suggestions" },
}

---@param name string
---@return string
local function plug(name)
  return ("<Plug>(understudy-%s)"):format(name:gsub("_", "-"))
end

--- `<Plug>(understudy-accept)` and so on, for mappings of the user's own.
function M.define_plugs()
  for _, action in ipairs(ACTIONS) do
    local call = ('<Cmd>lua require("understudy").%s()<CR>'):format(action.name)
    vim.keymap.set("i", plug(action.name), call, { desc = "Understudy: " .. action.what })
  end
end

---@param key string
---@return vim.api.keyset.get_keymap?
local function mapping_of(key)
  for _, mapping in ipairs(vim.api.nvim_get_keymap("i")) do
    if vim.keycode(mapping.lhs) == vim.keycode(key) then
      return mapping
    end
  end
end

--- Map `lhs` to what `mapping` does, or to `key` itself.
---@param lhs string
---@param mapping? vim.api.keyset.get_keymap
---@param key string
local function keep(lhs, mapping, key)
  if not mapping then
    vim.keymap.set("i", lhs, key)
    return
  end
  local expr = mapping.expr == 1
  vim.keymap.set("i", lhs, mapping.callback or mapping.rhs, {
    expr = expr,
    replace_keycodes = expr and mapping.replace_keycodes == 1 or nil,
    remap = mapping.noremap == 0,
    silent = mapping.silent == 1,
    desc = mapping.desc,
  })
end

---@type table<string, fun()> How to give each key that is set now its old meaning, by the key.
local undo = {}

---@param action understudy.Action
---@param key string
---@param asked boolean Whether the user named the key.
local function set(action, key, asked)
  local before = mapping_of(key)
  if before and not asked and not action.taken then
    return
  end
  local otherwise = plug("otherwise-" .. action.name)
  keep(otherwise, before, key)
  vim.keymap.set("i", key, function()
    local acts = action.name == "trigger" or require("understudy").visible()
    return acts and plug(action.name) or otherwise
  end, { expr = true, remap = true, desc = "Understudy: " .. action.what })
  local ours = mapping_of(key)
  undo[key] = function()
    if not vim.deep_equal(mapping_of(key), ours) then
      return -- somebody has given it another meaning since, or none
    end
    vim.keymap.del("i", key)
    if before then
      keep(key, before, key)
    end
  end
end

--- Set the keys that the options say, in place of those that were set before.
function M.set()
  for _, give_back in pairs(undo) do
    give_back()
  end
  undo = {}
  local keys = options.get().keys
  for _, action in ipairs(keys and ACTIONS or {}) do
    local named = keys[action.name]
    if named ~= false then
      set(action, named or action.key, named ~= nil)
    end
  end
end

return M
