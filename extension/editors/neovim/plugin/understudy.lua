-- Loaded by Neovim at its start; `require("understudy").setup()` does the same where that does not happen.
if vim.g.loaded_understudy then
  return
end
vim.g.loaded_understudy = true
require("understudy").start()
