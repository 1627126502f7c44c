; Definitions with name and body, other blocks, and what is not code.

(function_definition
  name: (name) @scope.name
  body: (compound_statement) @scope.body) @scope.definition

(method_declaration
  name: (name) @scope.name
  body: (compound_statement)? @scope.body) @scope.definition

(class_declaration
  name: (name) @scope.name
  body: (declaration_list) @scope.body) @scope.definition

(interface_declaration
  name: (name) @scope.name
  body: (declaration_list) @scope.body) @scope.definition

(trait_declaration
  name: (name) @scope.name
  body: (declaration_list) @scope.body) @scope.definition

(compound_statement) @block
(declaration_list) @block
(switch_block) @block

(comment) @comment
(string) @string
(encapsed_string) @string
(heredoc) @string
(nowdoc) @string
