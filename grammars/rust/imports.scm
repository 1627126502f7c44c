; What the file takes from others.

(use_declaration) @import
(extern_crate_declaration) @import
