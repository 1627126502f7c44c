; What a file defines, and the names that it uses; `grammars/README.md` explains the captures.

; A function with its body, and one that is only declared; what it returns may be a pointer.
(function_definition declarator: [
  (function_declarator declarator: (identifier) @name)
  (pointer_declarator declarator: [
    (function_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
  ])
  (reference_declarator (function_declarator declarator: (identifier) @name))
] body: (_)? @definition.body) @definition.function
(declaration declarator: [
  (function_declarator declarator: (identifier) @name)
  (pointer_declarator declarator: [
    (function_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
  ])
  (reference_declarator (function_declarator declarator: (identifier) @name))
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
(reference_declarator (field_identifier) @name @definition.field)
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
    (reference_declarator (identifier) @name)
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
  (reference_declarator (identifier) @local)
])

(class_specifier name: [
  (type_identifier) @name
  (template_type name: (type_identifier) @name)
  (qualified_identifier name: (type_identifier) @name)
] body: (_) @definition.body) @definition.class
(struct_specifier name: (template_type name: (type_identifier) @name) body: (_) @definition.body) @definition.class
(alias_declaration name: (type_identifier) @name) @definition.class
(concept_definition name: (identifier) @name) @definition.class
(_ (base_class_clause [
  (type_identifier) @base
  (qualified_identifier name: [(type_identifier) @base (template_type name: (type_identifier) @base)])
  (template_type name: (type_identifier) @base)
])) @definition.class
(namespace_definition name: [
  (namespace_identifier) @name
  (nested_namespace_specifier) @name
]) @namespace

; Members, in the class and, with a qualified name, out of it.
(function_definition declarator: [
  (function_declarator declarator: [
    (field_identifier) @name
    (destructor_name) @name
    (operator_name) @name
    (qualified_identifier
      scope: [(namespace_identifier) @parent (template_type name: (type_identifier) @parent)]
      name: [(identifier) @name (destructor_name) @name (operator_name) @name])
    (qualified_identifier name: (qualified_identifier
      scope: [(namespace_identifier) @parent (template_type name: (type_identifier) @parent)]
      name: [(identifier) @name (destructor_name) @name (operator_name) @name]))
  ])
  (pointer_declarator declarator: (function_declarator declarator: [
    (field_identifier) @name
    (destructor_name) @name
    (operator_name) @name
    (qualified_identifier
      scope: [(namespace_identifier) @parent (template_type name: (type_identifier) @parent)]
      name: [(identifier) @name (destructor_name) @name (operator_name) @name])
    (qualified_identifier name: (qualified_identifier
      scope: [(namespace_identifier) @parent (template_type name: (type_identifier) @parent)]
      name: [(identifier) @name (destructor_name) @name (operator_name) @name]))
  ]))
  (reference_declarator (function_declarator declarator: [
    (field_identifier) @name
    (destructor_name) @name
    (operator_name) @name
    (qualified_identifier
      scope: [(namespace_identifier) @parent (template_type name: (type_identifier) @parent)]
      name: [(identifier) @name (destructor_name) @name (operator_name) @name])
    (qualified_identifier name: (qualified_identifier
      scope: [(namespace_identifier) @parent (template_type name: (type_identifier) @parent)]
      name: [(identifier) @name (destructor_name) @name (operator_name) @name]))
  ]))
]) @definition.function
(function_definition body: (_) @definition.body) @definition.function
(field_declaration declarator: [
  (function_declarator declarator: [(field_identifier) (destructor_name) (operator_name)] @name)
  (pointer_declarator declarator: (function_declarator declarator: [(field_identifier) (operator_name)] @name))
  (reference_declarator (function_declarator declarator: [(field_identifier) (operator_name)] @name))
]) @definition.function
(declaration declarator: (function_declarator declarator: [(destructor_name) (operator_name)] @name)) @definition.function

(template_declaration (template_parameter_list) @decoration . (class_specifier body: (_)) @definition.class)
(template_declaration (template_parameter_list) @decoration . (struct_specifier body: (_)) @definition.class)
(template_declaration (template_parameter_list) @decoration . (alias_declaration) @definition.class)
(template_declaration (template_parameter_list) @decoration . (function_definition) @definition.function)
(template_declaration (template_parameter_list) @decoration . (declaration declarator: (function_declarator)) @definition.function)

(lambda_expression) @local.scope
(optional_parameter_declaration declarator: [
  (identifier) @local
  (pointer_declarator declarator: (identifier) @local)
  (reference_declarator (identifier) @local)
])
(variadic_parameter_declaration declarator: (variadic_declarator (identifier) @local))
(for_range_loop declarator: [(identifier) @local (reference_declarator (identifier) @local)])
(structured_binding_declarator (identifier) @local)

(identifier) @reference.name
(field_identifier) @reference.field
(type_identifier) @reference.type
(qualified_identifier name: (identifier) @reference.field)
(namespace_identifier) @reference.name
