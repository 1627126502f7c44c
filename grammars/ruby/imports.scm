; What the file takes from others: the statements, and each name by itself.

(call
  !receiver
  method: (identifier) @_method
  (#any-of? @_method "require" "require_relative" "load")) @import

(call
  !receiver
  method: (identifier) @_method
  arguments: (argument_list (string (string_content) @import.module @import.everything))
  (#any-of? @_method "require" "require_relative" "load" "autoload"))
