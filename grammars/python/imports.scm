; What the file takes from others: the statements, and each name by itself.

(import_statement) @import
(import_from_statement) @import
(future_import_statement) @import

(import_statement name: (dotted_name) @import.module @import.alias)
(import_statement name: (aliased_import name: (dotted_name) @import.module alias: (identifier) @import.alias))
(import_from_statement module_name: (_) @import.module name: (dotted_name) @import.name)
(import_from_statement
  module_name: (_) @import.module
  name: (aliased_import name: (dotted_name) @import.name alias: (identifier) @import.alias))
(import_from_statement module_name: (_) @import.module (wildcard_import) @import.everything)
