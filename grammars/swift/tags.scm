; What a file defines, and the names that it uses; `grammars/README.md` explains the captures.

; Its name and its body are fields of the node: a pattern for each would take tree-sitter a tenth of a second to compile.
(function_declaration) @definition.function
(protocol_function_declaration name: (simple_identifier) @name) @definition.method
(init_declaration "init" @name body: (_)? @definition.body) @definition.method

; Classes, structs, enums and actors; what extends one has its name as a type.
(class_declaration name: (type_identifier) @name body: (_)? @definition.body) @definition.class
(class_declaration name: (user_type (type_identifier) @name .)) @extension
(protocol_declaration name: (type_identifier) @name body: (_)? @definition.body) @definition.class
(typealias_declaration . name: (type_identifier) @name) @definition.class
(typealias_declaration (modifiers) . name: (type_identifier) @name) @definition.class
(associatedtype_declaration name: (type_identifier) @name) @definition.class
(class_declaration
  name: (type_identifier)
  (inheritance_specifier inherits_from: (user_type (type_identifier) @base))) @definition.class
(class_declaration
  name: (user_type)
  (inheritance_specifier inherits_from: (user_type (type_identifier) @base))) @extension
(protocol_declaration
  (inheritance_specifier inherits_from: (user_type (type_identifier) @base))) @definition.class

; In a function, a local name.
(property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.constant
(property_declaration computed_value: (_) @definition.body) @definition.constant
(protocol_property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.field
(enum_entry name: (simple_identifier) @name) @definition.field

(class_declaration (modifiers (attribute) @decoration) name: (type_identifier)) @definition.class
(function_declaration (modifiers (attribute) @decoration)) @definition.function
(property_declaration (modifiers (attribute) @decoration)) @definition.constant

; Names that hold within a function.
(lambda_literal) @local.scope
(computed_property) @local.scope
(subscript_declaration) @local.scope
(parameter name: (simple_identifier) @local)
(parameter external_name: (simple_identifier) @local)
(lambda_parameter name: (simple_identifier) @local)
(_ bound_identifier: (simple_identifier) @local)

(simple_identifier) @reference.name
(navigation_suffix suffix: (simple_identifier) @reference.field)
(value_argument_label (simple_identifier) @reference.field)
(type_identifier) @reference.type
