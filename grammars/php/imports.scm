; What the file takes from others: the statements, and each name by itself.

(namespace_use_declaration) @import
(expression_statement [
  (include_expression)
  (include_once_expression)
  (require_expression)
  (require_once_expression)
]) @import

(namespace_use_clause . [(name) (qualified_name)] @import.path alias: (name)? @import.alias)
(namespace_use_declaration (namespace_name) @import.prefix body: (namespace_use_group) @import.within)
(include_expression [
  (string (string_content) @import.module @import.everything)
  (parenthesized_expression (string (string_content) @import.module @import.everything))
  (binary_expression (string (string_content) @import.module @import.everything))
])
(include_once_expression [
  (string (string_content) @import.module @import.everything)
  (parenthesized_expression (string (string_content) @import.module @import.everything))
  (binary_expression (string (string_content) @import.module @import.everything))
])
(require_expression [
  (string (string_content) @import.module @import.everything)
  (parenthesized_expression (string (string_content) @import.module @import.everything))
  (binary_expression (string (string_content) @import.module @import.everything))
])
(require_once_expression [
  (string (string_content) @import.module @import.everything)
  (parenthesized_expression (string (string_content) @import.module @import.everything))
  (binary_expression (string (string_content) @import.module @import.everything))
])
