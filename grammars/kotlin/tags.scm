; What a file defines, and the names that it uses; `grammars/README.md` explains the captures.

(class_declaration name: (identifier) @name [(class_body) (enum_class_body)]? @definition.body) @definition.class
(object_declaration name: (identifier) @name (class_body)? @definition.body) @definition.class
(type_alias type: (identifier) @name) @definition.class
(_ (delegation_specifiers (delegation_specifier [
  (user_type (identifier) @base .)
  (user_type (identifier) @base . (type_arguments))
  (constructor_invocation [(user_type (identifier) @base .) (user_type (identifier) @base . (type_arguments))])
]))) @definition.class

(function_declaration name: (identifier) @name (function_body)? @definition.body) @definition.function
(function_declaration (user_type (identifier) @parent) . "." . name: (identifier)) @definition.function

; In a function, a local name.
(property_declaration [
  (variable_declaration . (identifier) @name)
  (multi_variable_declaration (variable_declaration . (identifier) @name))
]) @definition.constant
(class_parameter ["val" "var"] . (identifier) @name) @definition.field
(enum_entry . (identifier) @name) @definition.field

(class_declaration (modifiers (annotation) @decoration)) @definition.class
(object_declaration (modifiers (annotation) @decoration)) @definition.class
(function_declaration (modifiers (annotation) @decoration)) @definition.function
(property_declaration (modifiers (annotation) @decoration)) @definition.constant

; Names that hold within a function.
(lambda_literal) @local.scope
(anonymous_function) @local.scope
(getter) @local.scope
(setter) @local.scope
(secondary_constructor) @local.scope
(anonymous_initializer) @local.scope
(parameter . (identifier) @local)
(class_parameter (identifier) @local . ":")
(lambda_parameters (variable_declaration . (identifier) @local))
(for_statement (variable_declaration . (identifier) @local))
(catch_block . (identifier) @local)

(package_header (qualified_identifier) @package)

(identifier) @reference.name
(user_type (identifier) @reference.type)
(navigation_expression (_) (identifier) @reference.field .)
