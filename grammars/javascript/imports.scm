; What the file takes from others: the statements, and each name by itself.

(import_statement) @import

(lexical_declaration
  (variable_declarator
    value: (call_expression
      function: (identifier) @_function
      (#eq? @_function "require")))) @import

(import_statement . source: (string (string_fragment) @import.module))
(import_statement
  (import_clause (identifier) @import.alias @import.default)
  source: (string (string_fragment) @import.module))
(import_statement
  (import_clause (namespace_import (identifier) @import.alias))
  source: (string (string_fragment) @import.module))
(import_statement
  (import_clause (named_imports (import_specifier name: (_) @import.name alias: (_)? @import.alias)))
  source: (string (string_fragment) @import.module))

; What is passed on.
(export_statement . source: (string (string_fragment) @import.module) @import.everything)
(export_statement
  (namespace_export (_) @import.alias)
  source: (string (string_fragment) @import.module))
(export_statement
  (export_clause (export_specifier name: (_) @import.name alias: (_)? @import.alias))
  source: (string (string_fragment) @import.module))

; A name of the file's own that it gives under another.
(export_statement
  !source
  (export_clause (export_specifier name: (_) @import.name alias: (_) @import.alias)))
(export_statement "default" @import.alias value: (identifier) @import.name)
(export_statement "default" @import.alias declaration: (_ name: (_) @import.name))

; Node's own modules.
(variable_declarator
  name: (identifier) @import.alias
  value: (call_expression
    function: (identifier) @_function
    arguments: (arguments (string (string_fragment) @import.module)))
  (#eq? @_function "require"))
(variable_declarator
  name: (object_pattern [
    (shorthand_property_identifier_pattern) @import.name
    (pair_pattern key: (property_identifier) @import.name value: (identifier) @import.alias)
  ])
  value: (call_expression
    function: (identifier) @_function
    arguments: (arguments (string (string_fragment) @import.module)))
  (#eq? @_function "require"))
(variable_declarator
  name: (identifier) @import.alias
  value: (member_expression
    object: (call_expression
      function: (identifier) @_function
      arguments: (arguments (string (string_fragment) @import.module)))
    property: (property_identifier) @import.name)
  (#eq? @_function "require"))
(expression_statement (call_expression
  function: (identifier) @_function
  arguments: (arguments (string (string_fragment) @import.module)))
  (#eq? @_function "require"))
(call_expression
  function: (import)
  arguments: (arguments (string (string_fragment) @import.module)))
(assignment_expression
  left: (member_expression
    object: (identifier) @_object
    property: (property_identifier) @_property)
  right: (call_expression
    function: (identifier) @_function
    arguments: (arguments (string (string_fragment) @import.module) @import.everything))
  (#eq? @_object "module") (#eq? @_property "exports") (#eq? @_function "require"))
(assignment_expression
  left: (member_expression
    object: (identifier) @_object
    property: (property_identifier) @_property @import.alias)
  right: (identifier) @import.name
  (#eq? @_object "module") (#eq? @_property "exports"))
(assignment_expression
  left: (member_expression
    object: (identifier) @_object
    property: (property_identifier) @_property)
  right: (object (pair key: (property_identifier) @import.alias value: (identifier) @import.name))
  (#eq? @_object "module") (#eq? @_property "exports"))
