; What a file defines, and the names that it uses; `grammars/README.md` explains the captures.

; A function with its body, and one that is only declared; what it returns may be a pointer.
(function_definition declarator: [
  (function_declarator declarator: (identifier) @name)
  (pointer_declarator declarator: [
    (function_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
  ])
] body: (_)? @definition.body) @definition.function
(declaration declarator: [
  (function_declarator declarator: (identifier) @name)
  (pointer_declarator declarator: [
    (function_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
  ])
]) @definition.function
(preproc_function_def name: (identifier) @name) @definition.function

(struct_specifier name: (type_identifier) @name body: (_) @definition.body) @definition.class
(union_specifier name: (type_identifier) @name body: (_) @definition.body) @definition.class
(enum_specifier name: (type_identifier) @name body: (_) @definition.body) @definition.class
(type_definition declarator: [
  (type_identifier) @name
  (pointer_declarator declarator: (type_identifier) @name)
  (array_declarator declarator: (type_identifier) @name)
  (function_declarator declarator: [
    (type_identifier) @name
    (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name))
  ])
]) @definition.class
(type_definition type: [
  (struct_specifier body: (_) @definition.body)
  (union_specifier body: (_) @definition.body)
  (enum_specifier body: (_) @definition.body)
]) @definition.class

(field_declaration declarator: (field_identifier) @name @definition.field)
(pointer_declarator declarator: (field_identifier) @name @definition.field)
(array_declarator declarator: (field_identifier) @name @definition.field)
(enum_specifier name: (_) body: (enumerator_list (enumerator name: (identifier) @name) @definition.field))
(enum_specifier !name body: (enumerator_list (enumerator name: (identifier) @name) @definition.constant))

; In a function, a local name.
(declaration declarator: [
  (identifier) @name
  (array_declarator declarator: (identifier) @name)
  (pointer_declarator declarator: [
    (identifier) @name
    (array_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (identifier) @name)
  ])
  (init_declarator declarator: [
    (identifier) @name
    (array_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: [
      (identifier) @name
      (array_declarator declarator: (identifier) @name)
      (pointer_declarator declarator: (identifier) @name)
    ])
  ])
]) @definition.constant
(preproc_def name: (identifier) @name value: (_)) @definition.constant

; Names that hold within a function.
(preproc_params (identifier) @local)
(parameter_declaration declarator: [
  (identifier) @local
  (array_declarator declarator: (identifier) @local)
  (pointer_declarator declarator: [(identifier) @local (pointer_declarator declarator: (identifier) @local)])
  (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (identifier) @local)))
])

(identifier) @reference.name
(field_identifier) @reference.field
(type_identifier) @reference.type
