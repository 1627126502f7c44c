; Definitions, and the names that are called.

(function_declaration
  name: (identifier) @name) @definition.function

(function_declaration
  name: (dot_index_expression field: (identifier) @name)) @definition.function

(function_declaration
  name: (method_index_expression method: (identifier) @name)) @definition.method

(function_call name: (identifier) @reference.call)
(function_call name: (dot_index_expression field: (identifier) @reference.call))
(function_call name: (method_index_expression method: (identifier) @reference.call))
