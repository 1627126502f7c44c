; What a file defines, and the names that it uses; `grammars/README.md` explains the captures.

(function_declaration name: (identifier) @name body: (block)? @definition.body) @definition.function
(method_declaration
  receiver: (parameter_list (parameter_declaration type: [
    (type_identifier) @parent
    (generic_type type: (type_identifier) @parent)
    (pointer_type [(type_identifier) @parent (generic_type type: (type_identifier) @parent)])
  ]))
  name: (field_identifier) @name
  body: (block)? @definition.body) @definition.method

(type_spec name: (type_identifier) @name) @definition.class
(type_spec type: [(struct_type (field_declaration_list) @definition.body) (interface_type) @definition.body]) @definition.class
(type_alias name: (type_identifier) @name) @definition.class

; What a struct or an interface embeds.
(type_spec type: (struct_type (field_declaration_list (field_declaration !name type: [
  (type_identifier) @base
  (qualified_type name: (type_identifier) @base)
  (generic_type type: [(type_identifier) @base (qualified_type name: (type_identifier) @base)])
])))) @definition.class
(type_spec type: (interface_type (type_elem . [
  (type_identifier) @base
  (qualified_type name: (type_identifier) @base)
] .))) @definition.class

(field_declaration name: (field_identifier) @name) @definition.field
(interface_type (method_elem name: (field_identifier) @name) @definition.method)

; In a function, a local name.
(const_spec name: (identifier) @name) @definition.constant
(var_spec name: (identifier) @name) @definition.constant

; Names that hold within a function.
(func_literal) @local.scope
(parameter_declaration name: (identifier) @local)
(variadic_parameter_declaration name: (identifier) @local)
(type_parameter_declaration name: (identifier) @local)
(short_var_declaration left: (expression_list (identifier) @local))
(range_clause left: (expression_list (identifier) @local))
(receive_statement left: (expression_list (identifier) @local))
(type_switch_statement alias: (expression_list (identifier) @local))

(package_clause (package_identifier) @package)

(identifier) @reference.name
(package_identifier) @reference.name
(field_identifier) @reference.field
(type_identifier) @reference.type
