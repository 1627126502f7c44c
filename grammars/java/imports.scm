; What the file takes from others: the statements, and each name by itself.

(import_declaration) @import

(import_declaration [(identifier) (scoped_identifier)] @import.path .)
(import_declaration [(identifier) (scoped_identifier)] @import.module (asterisk) @import.everything)
