; Definitions with name and body, other blocks, and what is not code.

(function_declaration
  name: (identifier) @scope.name
  body: (statement_block) @scope.body) @scope.definition

(generator_function_declaration
  name: (identifier) @scope.name
  body: (statement_block) @scope.body) @scope.definition

; A function that a variable names reads like a declaration to the user.
(variable_declarator
  name: (identifier) @scope.name
  value: [
    (arrow_function body: (statement_block) @scope.body)
    (function_expression body: (statement_block) @scope.body)
  ]) @scope.definition

(method_definition
  name: (_) @scope.name
  body: (statement_block) @scope.body) @scope.definition

(class_declaration
  name: (type_identifier) @scope.name
  body: (class_body) @scope.body) @scope.definition

(statement_block) @block
(class_body) @block
(switch_body) @block

(comment) @comment
(string) @string
(template_string) @string
(regex) @string
(template_substitution) @interpolation

(abstract_class_declaration
  name: (type_identifier) @scope.name
  body: (class_body) @scope.body) @scope.definition

(interface_declaration
  name: (type_identifier) @scope.name
  body: (interface_body) @scope.body) @scope.definition

(enum_declaration
  name: (identifier) @scope.name
  body: (enum_body) @scope.body) @scope.definition

(internal_module
  name: (_) @scope.name
  body: (statement_block) @scope.body) @scope.definition

(interface_body) @block
(enum_body) @block
