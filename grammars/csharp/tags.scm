; What a file defines, and the names that it uses; `grammars/README.md` explains the captures.

(class_declaration name: (identifier) @name body: (_)? @definition.body) @definition.class
(struct_declaration name: (identifier) @name body: (_)? @definition.body) @definition.class
(record_declaration name: (identifier) @name body: (_)? @definition.body) @definition.class
(interface_declaration name: (identifier) @name body: (_)? @definition.body) @definition.class
(enum_declaration name: (identifier) @name body: (_)? @definition.body) @definition.class
(delegate_declaration name: (identifier) @name) @definition.class
(_ (base_list [
  (identifier) @base
  (generic_name (identifier) @base)
  (qualified_name name: [(identifier) @base (generic_name (identifier) @base)])
  (primary_constructor_base_type . [(identifier) @base (generic_name (identifier) @base)])
])) @definition.class

(method_declaration name: (identifier) @name body: (_)? @definition.body) @definition.method
(constructor_declaration name: (identifier) @name body: (_)? @definition.body) @definition.method
(local_function_statement name: (identifier) @name body: (_)? @definition.body) @definition.function

(property_declaration name: (identifier) @name) @definition.field
(field_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @definition.field
(event_field_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @definition.field
(event_declaration name: (identifier) @name) @definition.field
(enum_member_declaration name: (identifier) @name) @definition.field
(record_declaration (parameter_list (parameter name: (identifier) @name) @definition.field))

(class_declaration (attribute_list) @decoration) @definition.class
(struct_declaration (attribute_list) @decoration) @definition.class
(record_declaration (attribute_list) @decoration) @definition.class
(interface_declaration (attribute_list) @decoration) @definition.class
(enum_declaration (attribute_list) @decoration) @definition.class
(method_declaration (attribute_list) @decoration) @definition.method
(constructor_declaration (attribute_list) @decoration) @definition.method
(property_declaration (attribute_list) @decoration) @definition.field
(field_declaration (attribute_list) @decoration) @definition.field
(enum_member_declaration (attribute_list) @decoration) @definition.field

; Names that hold within a function.
(lambda_expression) @local.scope
(anonymous_method_expression) @local.scope
(indexer_declaration) @local.scope
(operator_declaration) @local.scope
(accessor_declaration) @local.scope
(lambda_expression parameters: (implicit_parameter) @local)
(parameter name: (identifier) @local)
(local_declaration_statement (variable_declaration (variable_declarator name: (identifier) @local)))
(for_statement (variable_declaration (variable_declarator name: (identifier) @local)))
(using_statement (variable_declaration (variable_declarator name: (identifier) @local)))
(foreach_statement left: [(identifier) @local (tuple_pattern name: (identifier) @local)])
(catch_declaration name: (identifier) @local)
(declaration_expression name: (identifier) @local)
(declaration_pattern name: (identifier) @local)

(namespace_declaration name: (_) @package)
(file_scoped_namespace_declaration name: (_) @package)

(identifier) @reference.name
(member_access_expression name: [(identifier) @reference.field (generic_name (identifier) @reference.field)])
(member_binding_expression name: (identifier) @reference.field)
(qualified_name name: (identifier) @reference.field)
