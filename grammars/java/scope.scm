; Definitions with name and body, other blocks, and what is not code.

(class_declaration
  name: (identifier) @scope.name
  body: (class_body) @scope.body) @scope.definition

(record_declaration
  name: (identifier) @scope.name
  body: (class_body) @scope.body) @scope.definition

(interface_declaration
  name: (identifier) @scope.name
  body: (interface_body) @scope.body) @scope.definition

(enum_declaration
  name: (identifier) @scope.name
  body: (enum_body) @scope.body) @scope.definition

(method_declaration
  name: (identifier) @scope.name
  body: (block)? @scope.body) @scope.definition

(constructor_declaration
  name: (identifier) @scope.name
  body: (constructor_body) @scope.body) @scope.definition

(block) @block
(class_body) @block
(interface_body) @block
(enum_body) @block
(constructor_body) @block
(switch_block) @block

(line_comment) @comment
(block_comment) @comment
(string_literal) @string
(character_literal) @string
