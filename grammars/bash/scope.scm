; Definitions with name and body, other blocks, and what is not code.

(function_definition
  name: (word) @scope.name
  body: (_) @scope.body) @scope.definition

(compound_statement) @block
(do_group) @block

(comment) @comment
(string) @string
(raw_string) @string
(heredoc_body) @string
(command_substitution) @interpolation
(expansion) @interpolation
