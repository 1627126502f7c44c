--- Something to read, in a window of its own.
local M = {}

--- Show lines; `q` closes the window. What was shown under this name before goes.
---@param name string
---@param lines string[]
---@param filetype? string
function M.show(name, lines, filetype)
  local address = "understudy://" .. name
  local old = vim.fn.bufnr("^" .. address .. "$")
  if old ~= -1 then
    vim.api.nvim_buf_delete(old, { force = true })
  end
  vim.cmd("botright new")
  local buf = vim.api.nvim_get_current_buf()
  vim.bo[buf].buftype = "nofile"
  vim.bo[buf].bufhidden = "wipe"
  vim.bo[buf].swapfile = false
  pcall(vim.api.nvim_buf_set_name, buf, address)
  vim.api.nvim_buf_set_lines(buf, 0, -1, true, lines)
  vim.bo[buf].modifiable = false
  if filetype then
    vim.bo[buf].filetype = filetype
  end
  vim.keymap.set("n", "q", "<Cmd>close<CR>", { buf = buf, desc = "Close" })
end

return M
