; What a file defines, and the names that it uses; `grammars/README.md` explains the captures.
; inherits: javascript/ecmascript

(class_declaration name: (type_identifier) @name body: (class_body)? @definition.body) @definition.class
(abstract_class_declaration name: (type_identifier) @name body: (class_body)? @definition.body) @definition.class
(interface_declaration name: (type_identifier) @name body: (interface_body)? @definition.body) @definition.class
(enum_declaration name: (identifier) @name body: (enum_body)? @definition.body) @definition.class
(type_alias_declaration name: (type_identifier) @name) @definition.class
(type_alias_declaration value: (object_type) @definition.body) @definition.class

(_ (class_heritage [
  (extends_clause value: [(identifier) @base (member_expression property: (property_identifier) @base)])
  (implements_clause [
    (type_identifier) @base
    (nested_type_identifier name: (type_identifier) @base)
    (generic_type name: [(type_identifier) @base (nested_type_identifier name: (type_identifier) @base)])
  ])
])) @definition.class
(interface_declaration (extends_type_clause type: [
  (type_identifier) @base
  (nested_type_identifier name: (type_identifier) @base)
  (generic_type name: [(type_identifier) @base (nested_type_identifier name: (type_identifier) @base)])
])) @definition.class
(type_alias_declaration value: (intersection_type (type_identifier) @base)) @definition.class

(export_statement decorator: (decorator) @decoration declaration: (class_declaration) @definition.class)
(export_statement decorator: (decorator) @decoration declaration: (abstract_class_declaration) @definition.class)
(class_declaration decorator: (decorator) @decoration) @definition.class
(class_body (decorator) @decoration . (method_definition) @definition.method)
(public_field_definition decorator: (decorator) @decoration) @definition.field

(public_field_definition name: (_) @name) @definition.field
(public_field_definition name: (_) @name value: [
  (arrow_function body: (_) @definition.body)
  (function_expression body: (_) @definition.body)
]) @definition.method
(property_signature name: (_) @name) @definition.field
(enum_body name: (property_identifier) @name @definition.field)
(enum_assignment name: (property_identifier) @name) @definition.field
(required_parameter (accessibility_modifier) pattern: (identifier) @name) @definition.attribute

(function_signature name: (identifier) @name) @definition.function
(abstract_method_signature name: (_) @name) @definition.method
(class_body (method_signature name: (_) @name) @definition.method)
(interface_body (method_signature name: (_) @name) @definition.method)
(type_alias_declaration value: (object_type (method_signature name: (_) @name) @definition.method))

(internal_module name: (identifier) @name) @namespace
(module name: (identifier) @name) @namespace

(required_parameter pattern: (identifier) @local)
(optional_parameter pattern: (identifier) @local)

(type_identifier) @reference.type
