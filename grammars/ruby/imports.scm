; What the file takes from others.

(call
  !receiver
  method: (identifier) @_method
  (#any-of? @_method "require" "require_relative" "load")) @import
