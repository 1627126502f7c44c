; What a file defines, and the names that it uses; `grammars/README.md` explains the captures.

(function_definition name: (word) @name body: (_)? @definition.body) @definition.function

; In a function, a local name.
(variable_assignment name: (variable_name) @name) @definition.constant
(declaration_command (variable_name) @name) @definition.constant

; Names that hold within a function.
(for_statement variable: (variable_name) @local)

(command name: (command_name (word) @reference.field))
(variable_name) @reference.name
