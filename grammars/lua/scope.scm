; Definitions with name and body, other blocks, and what is not code.

(function_declaration
  name: (_) @scope.name
  body: (block)? @scope.body) @scope.definition

(assignment_statement
  (variable_list name: (_) @scope.name)
  (expression_list
    value: (function_definition body: (block)? @scope.body))) @scope.definition

(block) @block

(comment) @comment
(string) @string
