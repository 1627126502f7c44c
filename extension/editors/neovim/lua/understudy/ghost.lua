--- Ghost text: what a suggestion looks like at the cursor.
local text = require("understudy.text")

local M = {}

local namespace = vim.api.nvim_create_namespace("understudy")

--- Show `words` at the cursor of the current window, in the place of what was shown before.
---@param words string
---@param hint? string Shown after it, such as "(1/3)".
function M.draw(words, hint)
  local buf = vim.api.nvim_get_current_buf()
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local tabstop = vim.bo[buf].tabstop
  M.clear(buf) -- before columns are counted, which count what is shown
  local lines = vim.split(words, "\n", { plain = true })
  local rows = {} ---@type [string, string][][]
  for number, line in ipairs(lines) do
    local from = number == 1 and vim.fn.virtcol(".", true)[1] - 1 or 0
    rows[number] = { { text.expand_tabs(line, from, tabstop), "ComplHint" } }
  end
  if hint then
    table.insert(rows[#rows], { " " .. hint, "ComplHintMore" })
  end
  vim.api.nvim_buf_set_extmark(buf, namespace, row - 1, column, {
    virt_text = table.remove(rows, 1),
    virt_text_pos = "inline",
    virt_lines = #rows > 0 and rows or nil,
    virt_lines_overflow = "scroll",
    hl_mode = "combine",
    undo_restore = false,
    invalidate = true,
  })
end

---@param buf integer
function M.clear(buf)
  if vim.api.nvim_buf_is_valid(buf) then
    vim.api.nvim_buf_clear_namespace(buf, namespace, 0, -1)
  end
end

return M
