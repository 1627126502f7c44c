; What the file takes from others.

(import_statement) @import

(lexical_declaration
  (variable_declarator
    value: (call_expression
      function: (identifier) @_function
      (#eq? @_function "require")))) @import
