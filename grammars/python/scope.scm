; Definitions with name and body, other blocks, and what is not code.

(function_definition
  name: (identifier) @scope.name
  body: (block)? @scope.body) @scope.definition

(class_definition
  name: (identifier) @scope.name
  body: (block)? @scope.body) @scope.definition

(block) @block

(comment) @comment
(string) @string
(interpolation) @interpolation
