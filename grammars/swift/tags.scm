; Definitions, and the names that are called.

(source_file
  (function_declaration name: (simple_identifier) @name) @definition.function)

(class_body
  (function_declaration name: (simple_identifier) @name) @definition.method)

(protocol_function_declaration
  name: (simple_identifier) @name) @definition.method

(class_declaration
  name: (_) @name) @definition.class

(protocol_declaration
  name: (type_identifier) @name) @definition.class

(call_expression . (simple_identifier) @reference.call)
(call_expression . (navigation_expression
  suffix: (navigation_suffix suffix: (simple_identifier) @reference.call)))
