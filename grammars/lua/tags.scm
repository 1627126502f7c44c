; What a file defines, and the names that it uses; `grammars/README.md` explains the captures.

(function_declaration name: (identifier) @name body: (_)? @definition.body) @definition.function
(function_declaration
  name: (dot_index_expression table: [
    (identifier) @parent
    (dot_index_expression field: (identifier) @parent)
  ] field: (identifier) @name)
  body: (_)? @definition.body) @definition.method
(function_declaration
  name: (method_index_expression table: [
    (identifier) @parent
    (dot_index_expression field: (identifier) @parent)
  ] method: (identifier) @name)
  body: (_)? @definition.body) @definition.method

; What is assigned is a constant, in a function a local name.
(assignment_statement (variable_list name: (identifier) @name)) @definition.constant
(variable_declaration (variable_list name: (identifier) @name)) @definition.constant
(assignment_statement
  (variable_list . name: (identifier) .)
  (expression_list . value: (function_definition body: (_)? @definition.body) .)) @definition.function
(assignment_statement
  (variable_list . name: (dot_index_expression table: [
    (identifier) @parent
    (dot_index_expression field: (identifier) @parent)
  ] field: (identifier) @name) .)
  (expression_list . value: (function_definition body: (_)? @definition.body) .)) @definition.method
(assignment_statement
  (variable_list name: (dot_index_expression table: (identifier) @parent field: (identifier) @name))) @definition.field
(assignment_statement
  (variable_list name: (dot_index_expression
    table: (identifier) @_self
    field: (identifier) @name) @definition.attribute)
  (#eq? @_self "self"))

; The fields of a table, which the variable that holds it gives its name.
(assignment_statement
  (expression_list value: (table_constructor (field name: (identifier) @name) @definition.field)))
(field name: (identifier) @name value: (function_definition body: (_)? @definition.body)) @definition.method

; Names that hold within a function.
(function_definition) @local.scope
(parameters name: (identifier) @local)
(for_generic_clause (variable_list name: (identifier) @local))
(for_numeric_clause name: (identifier) @local)

(identifier) @reference.name
(dot_index_expression field: (identifier) @reference.field)
(method_index_expression method: (identifier) @reference.field)
(field name: (identifier) @reference.field)
