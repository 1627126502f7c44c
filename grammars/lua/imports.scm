; What the file takes from others.

; `local name = require("module")`, and the call by itself.
(variable_declaration
  (assignment_statement
    (expression_list
      value: (function_call
        name: (identifier) @_function
        (#eq? @_function "require"))))) @import

(chunk
  (function_call
    name: (identifier) @_function
    (#eq? @_function "require")) @import)
