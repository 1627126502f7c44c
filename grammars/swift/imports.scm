; What the file takes from others.

(import_declaration) @import
