; Definitions, and the names that are called.

(program
  (method name: (_) @name) @definition.function)

(body_statement
  (method name: (_) @name) @definition.method)

(singleton_method
  name: (_) @name) @definition.method

(class
  name: (_) @name) @definition.class

(module
  name: (_) @name) @definition.class

(call method: (identifier) @reference.call)
