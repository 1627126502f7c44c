; What a file defines, and the names that it uses; `grammars/README.md` explains the captures.

(class_declaration name: (identifier) @name body: (_)? @definition.body) @definition.class
(record_declaration name: (identifier) @name body: (_)? @definition.body) @definition.class
(interface_declaration name: (identifier) @name body: (_)? @definition.body) @definition.class
(enum_declaration name: (identifier) @name body: (_)? @definition.body) @definition.class
(annotation_type_declaration name: (identifier) @name body: (_)? @definition.body) @definition.class

(_ superclass: (superclass [
  (type_identifier) @base
  (scoped_type_identifier (type_identifier) @base .)
  (generic_type . [(type_identifier) @base (scoped_type_identifier (type_identifier) @base .)])
])) @definition.class
(_ [
  (super_interfaces (type_list [
    (type_identifier) @base
    (scoped_type_identifier (type_identifier) @base .)
    (generic_type . [(type_identifier) @base (scoped_type_identifier (type_identifier) @base .)])
  ]))
  (extends_interfaces (type_list [
    (type_identifier) @base
    (scoped_type_identifier (type_identifier) @base .)
    (generic_type . [(type_identifier) @base (scoped_type_identifier (type_identifier) @base .)])
  ]))
]) @definition.class

(method_declaration name: (identifier) @name body: (_)? @definition.body) @definition.method
(constructor_declaration name: (identifier) @name body: (_)? @definition.body) @definition.method
(compact_constructor_declaration name: (identifier) @name body: (_)? @definition.body) @definition.method
(annotation_type_element_declaration name: (identifier) @name) @definition.method

(field_declaration declarator: (variable_declarator name: (identifier) @name)) @definition.field
(constant_declaration declarator: (variable_declarator name: (identifier) @name)) @definition.field
(enum_constant name: (identifier) @name) @definition.field
(record_declaration parameters: (formal_parameters (formal_parameter name: (identifier) @name) @definition.field))

(class_declaration (modifiers [(annotation) (marker_annotation)] @decoration)) @definition.class
(record_declaration (modifiers [(annotation) (marker_annotation)] @decoration)) @definition.class
(interface_declaration (modifiers [(annotation) (marker_annotation)] @decoration)) @definition.class
(enum_declaration (modifiers [(annotation) (marker_annotation)] @decoration)) @definition.class
(method_declaration (modifiers [(annotation) (marker_annotation)] @decoration)) @definition.method
(constructor_declaration (modifiers [(annotation) (marker_annotation)] @decoration)) @definition.method
(field_declaration (modifiers [(annotation) (marker_annotation)] @decoration)) @definition.field

; Names that hold within a function.
(lambda_expression) @local.scope
(lambda_expression parameters: (identifier) @local)
(inferred_parameters (identifier) @local)
(formal_parameter name: (identifier) @local)
(spread_parameter (variable_declarator name: (identifier) @local))
(local_variable_declaration declarator: (variable_declarator name: (identifier) @local))
(enhanced_for_statement name: (identifier) @local)
(catch_formal_parameter name: (identifier) @local)
(resource name: (identifier) @local)
(instanceof_expression name: (identifier) @local)

(package_declaration [(identifier) (scoped_identifier)] @package)

(identifier) @reference.name
(method_invocation name: (identifier) @reference.field)
(field_access field: (identifier) @reference.field)
(type_identifier) @reference.type
