; Definitions with name and body, other blocks, and what is not code.

; The name is inside the declarator, behind any number of pointers.
(function_definition
  declarator: (function_declarator declarator: (_) @scope.name)
  body: (compound_statement) @scope.body) @scope.definition

(function_definition
  declarator: (pointer_declarator
    declarator: (function_declarator declarator: (_) @scope.name))
  body: (compound_statement) @scope.body) @scope.definition

(struct_specifier
  name: (type_identifier) @scope.name
  body: (field_declaration_list) @scope.body) @scope.definition

(union_specifier
  name: (type_identifier) @scope.name
  body: (field_declaration_list) @scope.body) @scope.definition

(enum_specifier
  name: (type_identifier) @scope.name
  body: (enumerator_list) @scope.body) @scope.definition

(compound_statement) @block
(field_declaration_list) @block
(enumerator_list) @block

(comment) @comment
(string_literal) @string
(char_literal) @string
(system_lib_string) @string
(raw_string_literal) @string

(class_specifier
  name: (type_identifier) @scope.name
  body: (field_declaration_list) @scope.body) @scope.definition

(namespace_definition
  name: (_) @scope.name
  body: (declaration_list) @scope.body) @scope.definition

(declaration_list) @block
