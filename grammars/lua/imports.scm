; What the file takes from others: the statements, and each name by itself.

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

(assignment_statement
  (variable_list . name: (identifier) @import.alias)
  (expression_list . value: (function_call
    name: (identifier) @_function
    arguments: (arguments (string content: (string_content) @import.module))))
  (#eq? @_function "require"))
(assignment_statement
  (variable_list . name: (identifier) @import.alias)
  (expression_list . value: (dot_index_expression
    table: (function_call
      name: (identifier) @_function
      arguments: (arguments (string content: (string_content) @import.module)))
    field: (identifier) @import.name))
  (#eq? @_function "require"))
(chunk (function_call
  name: (identifier) @_function
  arguments: (arguments (string content: (string_content) @import.module)))
  (#eq? @_function "require"))
