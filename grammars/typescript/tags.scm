; What a file defines, and the names that it uses; `grammars/README.md` explains the captures.

(function_declaration name: (identifier) @name body: (statement_block)? @definition.body) @definition.function
(generator_function_declaration name: (identifier) @name body: (_)? @definition.body) @definition.function

; What a variable is set to makes it a function, a class or a constant; in a function, a local name.
(variable_declarator name: (identifier) @name) @definition.constant
(variable_declarator name: (object_pattern [
  (shorthand_property_identifier_pattern) @name
  (pair_pattern value: (identifier) @name)
  (object_assignment_pattern left: (shorthand_property_identifier_pattern) @name)
])) @definition.constant
(variable_declarator name: (array_pattern (identifier) @name)) @definition.constant
(variable_declarator
  name: (identifier) @name
  value: [
    (arrow_function body: (_) @definition.body)
    (function_expression body: (_) @definition.body)
  ]) @definition.function
(variable_declarator name: (identifier) @name value: (class body: (_) @definition.body)) @definition.class

; Members that are written onto an object: `exports.name = function () {}`.
(assignment_expression
  left: (member_expression property: (property_identifier) @name)
  right: [
    (arrow_function body: (_) @definition.body)
    (function_expression body: (_) @definition.body)
  ]) @definition.function
(assignment_expression
  left: (member_expression
    object: (this)
    property: [(property_identifier) (private_property_identifier)] @name)) @definition.attribute

(assignment_expression
  left: (member_expression
    object: (member_expression object: (identifier) @parent property: (property_identifier) @_property)
    property: (property_identifier))
  (#eq? @_property "prototype")) @definition.function

; Members of an object, which the variable that holds it gives its name.
(pair
  key: [(property_identifier) @name (string (string_fragment) @name)]
  value: [
    (arrow_function body: (_) @definition.body)
    (function_expression body: (_) @definition.body)
  ]) @definition.method
(variable_declarator value: (object (pair key: (property_identifier) @name) @definition.field))

(method_definition name: (_) @name body: (_)? @definition.body) @definition.method

; What a module gives without a name is called `default`.
(export_statement "default" @name value: (class body: (_) @definition.body) @definition.class)
(export_statement "default" @name value: [
  (arrow_function body: (_) @definition.body)
  (function_expression body: (_) @definition.body)
] @definition.function)
(export_statement "default" @name value: [(object) (call_expression)] @definition.constant)

; Names that hold within a function.
(arrow_function) @local.scope
(function_expression) @local.scope
(function_expression name: (identifier) @local)
(arrow_function parameter: (identifier) @local)
(rest_pattern (identifier) @local)
(object_pattern (shorthand_property_identifier_pattern) @local)
(object_assignment_pattern left: (shorthand_property_identifier_pattern) @local)
(pair_pattern value: [(identifier) @local (assignment_pattern left: (identifier) @local)])
(array_pattern (identifier) @local)
(for_in_statement left: (identifier) @local)
(catch_clause parameter: (identifier) @local)

(identifier) @reference.name
(shorthand_property_identifier) @reference.name
(property_identifier) @reference.field
(private_property_identifier) @reference.field

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
