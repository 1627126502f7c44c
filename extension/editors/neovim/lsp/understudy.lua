-- How Neovim starts the Understudy language server. Change it with `vim.lsp.config("understudy", { ... })`.
--
-- Settings go into `settings.understudy`; the server's README lists them. For example:
--
--   vim.lsp.config("understudy", { settings = { understudy = { completion = { multiline = "never" } } } })

---@type vim.lsp.Config
return {
  cmd = { "understudy", "lsp" },
  -- What this client understands beyond LSP: `understudy/status`, `understudy/show`, `understudy/input`.
  init_options = { understudyClient = { status = true, show = true, input = true } },
  get_language_id = function(_, filetype)
    return require("understudy.server").language(filetype)
  end,
  settings = { understudy = vim.empty_dict() },
  workspace_required = false,
  root_dir = function(buf, start)
    if vim.bo[buf].buftype == "" then
      start(vim.fs.root(buf, { ".understudy.toml", ".git" }))
    end
  end,
  -- One server for all folders: pausing and the figures of a session are the user's, not a folder's.
  reuse_client = function(client, config)
    return require("understudy.server").reuse(client, config)
  end,
  on_init = function(client)
    require("understudy.server").initialized(client)
  end,
  handlers = {
    ["understudy/status"] = function(_, value)
      require("understudy.status").update(value)
    end,
    ["understudy/show"] = function(_, value)
      require("understudy.fixes").show(value)
    end,
    ["understudy/input"] = function(_, value)
      return require("understudy.fixes").ask(value)
    end,
  },
  on_exit = function(code, signal)
    require("understudy.server").exited(code, signal)
  end,
}
