; Definitions with name and body, other blocks, and what is not code.

(function_declaration
  name: (simple_identifier) @scope.name
  body: (function_body)? @scope.body) @scope.definition

(class_declaration
  name: (_) @scope.name
  body: (_) @scope.body) @scope.definition

(protocol_declaration
  name: (type_identifier) @scope.name
  body: (protocol_body) @scope.body) @scope.definition

(init_declaration
  name: "init" @scope.name
  body: (function_body)? @scope.body) @scope.definition

(function_body) @block
(class_body) @block
(enum_class_body) @block
(protocol_body) @block

(comment) @comment
(multiline_comment) @comment
(line_string_literal) @string
(multi_line_string_literal) @string
(raw_string_literal) @string
(interpolated_expression) @interpolation
