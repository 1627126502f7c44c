; What the file takes from others: the statements, and each name by itself.

(import_declaration) @import

(import_spec !name path: (_ (_) @import.module @import.alias))
(import_spec name: (package_identifier) @import.alias path: (_ (_) @import.module))
(import_spec name: (blank_identifier) path: (_ (_) @import.module))
(import_spec name: (dot) @import.everything path: (_ (_) @import.module))
