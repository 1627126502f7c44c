; What the file takes from others: the statements, and each name by itself.

(use_declaration) @import
(extern_crate_declaration) @import

(use_declaration argument: [(identifier) (scoped_identifier)] @import.path)
(use_list [(identifier) (scoped_identifier) (self)] @import.path)
(use_as_clause path: (_) @import.path alias: (identifier) @import.alias)
(use_wildcard (_) @import.module) @import.everything
(use_wildcard) @import.everything
(scoped_use_list path: (_) @import.prefix list: (use_list) @import.within)
(extern_crate_declaration name: (identifier) @import.module alias: (identifier) @import.alias)
(extern_crate_declaration name: (identifier) @import.module @import.alias !alias)

; A module of another file.
(mod_item "mod" @import.module name: (identifier) @import.name !body)
