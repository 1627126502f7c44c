; What a file defines, and the names that it uses; `grammars/README.md` explains the captures.

(function_definition name: (name) @name body: (_)? @definition.body) @definition.function
(method_declaration name: (name) @name body: (_)? @definition.body) @definition.method

(class_declaration name: (name) @name body: (_)? @definition.body) @definition.class
(interface_declaration name: (name) @name body: (_)? @definition.body) @definition.class
(trait_declaration name: (name) @name body: (_)? @definition.body) @definition.class
(enum_declaration name: (name) @name body: (_)? @definition.body) @definition.class
(_ [
  (base_clause [(name) @base (qualified_name (name) @base .)])
  (class_interface_clause [(name) @base (qualified_name (name) @base .)])
  (declaration_list (use_declaration [(name) @base (qualified_name (name) @base .)]))
]) @definition.class

(property_declaration (property_element name: (variable_name (name) @name))) @definition.field
(property_promotion_parameter name: (variable_name (name) @name)) @definition.attribute
(enum_case name: (name) @name) @definition.field
(const_declaration (const_element . (name) @name)) @definition.constant
(function_call_expression
  function: (name) @_function
  arguments: (arguments . (argument (string (string_content) @name)))
  (#eq? @_function "define")) @definition.constant

(class_declaration attributes: (attribute_list) @decoration) @definition.class
(interface_declaration attributes: (attribute_list) @decoration) @definition.class
(trait_declaration attributes: (attribute_list) @decoration) @definition.class
(enum_declaration attributes: (attribute_list) @decoration) @definition.class
(method_declaration attributes: (attribute_list) @decoration) @definition.method
(function_definition attributes: (attribute_list) @decoration) @definition.function
(property_declaration attributes: (attribute_list) @decoration) @definition.field

; Every variable is local; what has no dollar sign is not.
(variable_name (name) @local)

(namespace_definition name: (namespace_name) @package)

(name) @reference.name
(member_access_expression name: (name) @reference.field)
(nullsafe_member_access_expression name: (name) @reference.field)
(member_call_expression name: (name) @reference.field)
(nullsafe_member_call_expression name: (name) @reference.field)
(scoped_call_expression name: (name) @reference.field)
(scoped_property_access_expression name: (variable_name (name) @reference.field))
(class_constant_access_expression (name) @reference.field)
(object_creation_expression (name) @reference.type)
(named_type (name) @reference.type)
(function_call_expression function: (name) @reference.type)
