; What a file defines, and the names that it uses; `grammars/README.md` explains the captures.
; inherits: javascript/ecmascript

(class_declaration name: (identifier) @name body: (class_body)? @definition.body) @definition.class
(class_declaration (class_heritage [
  (identifier) @base
  (member_expression property: (property_identifier) @base)
])) @definition.class
(class (class_heritage [
  (identifier) @base
  (member_expression property: (property_identifier) @base)
])) @definition.class

(field_definition property: (_) @name) @definition.field
(field_definition property: (_) @name value: [
  (arrow_function body: (_) @definition.body)
  (function_expression body: (_) @definition.body)
]) @definition.method

(formal_parameters [(identifier) @local (assignment_pattern left: (identifier) @local)])
