; What a file defines, and the names that it uses; `grammars/README.md` explains the captures.

(function_definition name: (identifier) @name body: (block)? @definition.body) @definition.function
(class_definition name: (identifier) @name body: (block)? @definition.body) @definition.class
(class_definition superclasses: (argument_list [
  (identifier) @base
  (attribute attribute: (identifier) @base)
  (subscript value: (identifier) @base)
  (subscript value: (attribute attribute: (identifier) @base))
])) @definition.class
(type_alias_statement left: (type (identifier) @name)) @definition.class

(decorated_definition (decorator) @decoration definition: (function_definition) @definition.function)
(decorated_definition (decorator) @decoration definition: (class_definition) @definition.class)

(function_definition body: (block . (expression_statement (string (string_content) @doc)))) @definition.function
(class_definition body: (block . (expression_statement (string (string_content) @doc)))) @definition.class

; What is assigned is a constant, in a class a field, in a function a local name.
(assignment left: [
  (identifier) @name
  (pattern_list (identifier) @name)
  (tuple_pattern (identifier) @name)
]) @definition.constant
((expression_statement (assignment left: (identifier)) @definition.constant)
  . (expression_statement (string (string_content) @doc)))

; A field is also what a method assigns to itself.
(assignment
  left: (attribute object: (identifier) @_self attribute: (identifier) @name)
  (#eq? @_self "self")) @definition.attribute
(pattern_list
  (attribute object: (identifier) @_self attribute: (identifier) @name) @definition.attribute
  (#eq? @_self "self"))

; Names that hold within a function.
(parameters (identifier) @local)
(lambda_parameters (identifier) @local)
(typed_parameter (identifier) @local)
(default_parameter name: (identifier) @local)
(typed_default_parameter name: (identifier) @local)
(list_splat_pattern (identifier) @local)
(dictionary_splat_pattern (identifier) @local)
(for_statement left: [(identifier) @local (pattern_list (identifier) @local) (tuple_pattern (identifier) @local)])
(for_in_clause left: [(identifier) @local (pattern_list (identifier) @local) (tuple_pattern (identifier) @local)])
(as_pattern_target (identifier) @local)
(named_expression name: (identifier) @local)

(identifier) @reference.name
(attribute attribute: (identifier) @reference.field)
(keyword_argument name: (identifier) @reference.field)
