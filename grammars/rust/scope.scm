; Definitions with name and body, other blocks, and what is not code.

(function_item
  name: (identifier) @scope.name
  body: (block) @scope.body) @scope.definition

(impl_item
  type: (_) @scope.name
  body: (declaration_list) @scope.body) @scope.definition

(trait_item
  name: (type_identifier) @scope.name
  body: (declaration_list) @scope.body) @scope.definition

(mod_item
  name: (identifier) @scope.name
  body: (declaration_list) @scope.body) @scope.definition

(struct_item
  name: (type_identifier) @scope.name
  body: (field_declaration_list) @scope.body) @scope.definition

(enum_item
  name: (type_identifier) @scope.name
  body: (enum_variant_list) @scope.body) @scope.definition

(block) @block
(declaration_list) @block
(field_declaration_list) @block
(enum_variant_list) @block
(match_block) @block

(line_comment) @comment
(block_comment) @comment
(string_literal) @string
(raw_string_literal) @string
(char_literal) @string
