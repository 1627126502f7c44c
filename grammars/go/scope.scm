; Definitions with name and body, other blocks, and what is not code.

(function_declaration
  name: (identifier) @scope.name
  body: (block)? @scope.body) @scope.definition

(method_declaration
  name: (field_identifier) @scope.name
  body: (block)? @scope.body) @scope.definition

(type_declaration
  (type_spec
    name: (type_identifier) @scope.name
    type: [
      (struct_type (field_declaration_list) @scope.body)
      (interface_type) @scope.body
    ])) @scope.definition

(block) @block
(field_declaration_list) @block
(interface_type) @block

(comment) @comment
(interpreted_string_literal) @string
(raw_string_literal) @string
(rune_literal) @string
