; What a file defines, and the names that it uses; `grammars/README.md` explains the captures.

(function_item name: (identifier) @name body: (block)? @definition.body) @definition.function
(function_signature_item name: (identifier) @name) @definition.function
(macro_definition name: (identifier) @name) @definition.function
(macro_definition . name: (identifier) . (macro_rule) @definition.body) @definition.function

(struct_item name: (type_identifier) @name body: (_)? @definition.body) @definition.class
(union_item name: (type_identifier) @name body: (_)? @definition.body) @definition.class
(enum_item name: (type_identifier) @name body: (_)? @definition.body) @definition.class
(trait_item name: (type_identifier) @name body: (_)? @definition.body) @definition.class
(type_item name: (type_identifier) @name) @definition.class
(associated_type name: (type_identifier) @name) @definition.class
(trait_item bounds: (trait_bounds [
  (type_identifier) @base
  (scoped_type_identifier name: (type_identifier) @base)
  (generic_type type: [(type_identifier) @base (scoped_type_identifier name: (type_identifier) @base)])
])) @definition.class

; The traits of an `impl` count as bases of its type.
(impl_item type: [
  (type_identifier) @name
  (scoped_type_identifier name: (type_identifier) @name)
  (generic_type type: [(type_identifier) @name (scoped_type_identifier name: (type_identifier) @name)])
  (reference_type type: (type_identifier) @name)
]) @extension
(impl_item trait: [
  (type_identifier) @base
  (scoped_type_identifier name: (type_identifier) @base)
  (generic_type type: [(type_identifier) @base (scoped_type_identifier name: (type_identifier) @base)])
]) @extension
(mod_item name: (identifier) @name body: (_)) @namespace

(field_declaration name: (field_identifier) @name) @definition.field
(enum_variant name: (identifier) @name) @definition.field
(const_item name: (identifier) @name) @definition.constant
(static_item name: (identifier) @name) @definition.constant

((attribute_item)+ @decoration . [(struct_item) (union_item) (enum_item) (trait_item) (type_item)] @definition.class)
((attribute_item)+ @decoration . [(function_item) (function_signature_item) (macro_definition)] @definition.function)
((attribute_item)+ @decoration . [(const_item) (static_item)] @definition.constant)
((attribute_item)+ @decoration . [(field_declaration) (enum_variant)] @definition.field)

; Names that hold within a function.
(closure_expression) @local.scope
(parameter pattern: (identifier) @local)
(closure_parameters (identifier) @local)
(let_declaration pattern: (identifier) @local)
(let_condition pattern: (identifier) @local)
(for_expression pattern: (identifier) @local)
(tuple_pattern (identifier) @local)
(tuple_struct_pattern type: (_) (identifier) @local)
(slice_pattern (identifier) @local)
(mut_pattern (identifier) @local)
(ref_pattern (identifier) @local)
(reference_pattern (identifier) @local)
(captured_pattern . (identifier) @local)
(field_pattern name: (shorthand_field_identifier) @local)
(field_pattern pattern: (identifier) @local)
(match_pattern (identifier) @local (#match? @local "^[a-z_]"))

(identifier) @reference.name
(scoped_identifier name: (identifier) @reference.field)
(field_identifier) @reference.field
(shorthand_field_identifier) @reference.field
(type_identifier) @reference.type
