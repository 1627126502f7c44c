; What JavaScript and TypeScript have in common of `tags.scm`.

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
