; What the file takes from others.

(import_statement) @import
(import_from_statement) @import
(future_import_statement) @import
