; What a file defines, and the names that it uses; `grammars/README.md` explains the captures.

(method name: (_) @name) @definition.function
(singleton_method name: (_) @name) @definition.function
(method body: (_) @definition.body) @definition.function
(singleton_method body: (_) @definition.body) @definition.function

(class name: [(constant) @name (scope_resolution name: (constant) @name)] body: (_)? @definition.body) @definition.class
(module name: [(constant) @name (scope_resolution name: (constant) @name)] body: (_)? @definition.body) @definition.class
(class superclass: (superclass [(constant) @base (scope_resolution name: (constant) @base)])) @definition.class
(class body: (body_statement (call
  !receiver
  method: (identifier) @_method
  arguments: (argument_list [(constant) @base (scope_resolution name: (constant) @base)])))
  (#any-of? @_method "include" "extend" "prepend")) @definition.class

(assignment left: (constant) @name) @definition.constant
(assignment left: (instance_variable) @name) @definition.attribute
(left_assignment_list (instance_variable) @name @definition.attribute)
(call
  !receiver
  method: (identifier) @_method
  arguments: (argument_list (simple_symbol) @name @definition.field)
  (#any-of? @_method "attr_reader" "attr_writer" "attr_accessor" "has_many" "has_one" "belongs_to"))
(call
  !receiver
  method: (identifier) @_method
  arguments: (argument_list . (simple_symbol) @name)
  (#any-of? @_method "define_method" "scope")) @definition.function

; Names that hold within a function.
(method_parameters (identifier) @local)
(block_parameters (identifier) @local)
(lambda_parameters (identifier) @local)
(keyword_parameter name: (identifier) @local)
(optional_parameter name: (identifier) @local)
(splat_parameter name: (identifier) @local)
(hash_splat_parameter name: (identifier) @local)
(block_parameter name: (identifier) @local)
(destructured_parameter (identifier) @local)
(assignment left: (identifier) @local)
(left_assignment_list (identifier) @local)
(exception_variable (identifier) @local)
(for pattern: (identifier) @local)

(identifier) @reference.name
(call method: (identifier) @reference.field)
(instance_variable) @reference.field
(constant) @reference.type
