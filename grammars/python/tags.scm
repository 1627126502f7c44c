; Definitions, and the names that are called.

; A function in a function counts as one; a function in a class is a method, below.
(module [
  (function_definition name: (identifier) @name) @definition.function
  (decorated_definition
    definition: (function_definition name: (identifier) @name) @definition.function)
])

(function_definition
  body: (block (function_definition name: (identifier) @name) @definition.function))

(class_definition
  body: (block [
    (function_definition name: (identifier) @name) @definition.method
    (decorated_definition
      definition: (function_definition name: (identifier) @name) @definition.method)
  ]))

(class_definition
  name: (identifier) @name) @definition.class

(call function: (identifier) @reference.call)
(call function: (attribute attribute: (identifier) @reference.call))
