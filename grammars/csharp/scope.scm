; Definitions with name and body, other blocks, and what is not code.

(namespace_declaration
  name: (_) @scope.name
  body: (declaration_list) @scope.body) @scope.definition

(class_declaration
  name: (identifier) @scope.name
  body: (declaration_list) @scope.body) @scope.definition

(struct_declaration
  name: (identifier) @scope.name
  body: (declaration_list) @scope.body) @scope.definition

(record_declaration
  name: (identifier) @scope.name
  body: (declaration_list) @scope.body) @scope.definition

(interface_declaration
  name: (identifier) @scope.name
  body: (declaration_list) @scope.body) @scope.definition

(enum_declaration
  name: (identifier) @scope.name
  body: (enum_member_declaration_list) @scope.body) @scope.definition

(method_declaration
  name: (identifier) @scope.name
  body: (block)? @scope.body) @scope.definition

(constructor_declaration
  name: (identifier) @scope.name
  body: (block)? @scope.body) @scope.definition

(local_function_statement
  name: (identifier) @scope.name
  body: (block)? @scope.body) @scope.definition

(block) @block
(declaration_list) @block
(enum_member_declaration_list) @block
(switch_body) @block

(comment) @comment
(string_literal) @string
(verbatim_string_literal) @string
(raw_string_literal) @string
(interpolated_string_expression) @string
(character_literal) @string
(interpolation) @interpolation
