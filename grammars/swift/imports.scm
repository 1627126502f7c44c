; What the file takes from others: the statements, and each name by itself.

(import_declaration) @import

(import_declaration (identifier) @import.module @import.everything)
