; Definitions with name and body, other blocks, and what is not code.

(function_declaration
  name: (identifier) @scope.name
  (function_body)? @scope.body) @scope.definition

(class_declaration
  name: (identifier) @scope.name
  (class_body)? @scope.body) @scope.definition

(object_declaration
  name: (identifier) @scope.name
  (class_body)? @scope.body) @scope.definition

(block) @block
(class_body) @block
(enum_class_body) @block

(line_comment) @comment
(block_comment) @comment
(string_literal) @string
(multiline_string_literal) @string
(character_literal) @string
(interpolation) @interpolation
