; What the file takes from others: what JavaScript has, and `import x = require("y")`.
; inherits: javascript/imports

(import_statement (import_require_clause
  (identifier) @import.alias
  source: (string (string_fragment) @import.module)))
