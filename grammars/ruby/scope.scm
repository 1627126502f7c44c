; Definitions with name and body, other blocks, and what is not code.

(method
  name: (_) @scope.name
  body: (body_statement)? @scope.body) @scope.definition

(singleton_method
  name: (_) @scope.name
  body: (body_statement)? @scope.body) @scope.definition

(class
  name: (_) @scope.name
  body: (body_statement)? @scope.body) @scope.definition

(module
  name: (_) @scope.name
  body: (body_statement)? @scope.body) @scope.definition

(do_block) @block
(then) @block
(do) @block

(comment) @comment
(string) @string
(heredoc_body) @string
(regex) @string
(interpolation) @interpolation
