; Definitions, and the names that are called.

(source_file
  (function_declaration name: (identifier) @name) @definition.function)

(class_body
  (function_declaration name: (identifier) @name) @definition.method)

(class_declaration
  name: (identifier) @name) @definition.class

(object_declaration
  name: (identifier) @name) @definition.class

(call_expression . (identifier) @reference.call)
(call_expression . (navigation_expression (identifier) @reference.call .))
