; What the file takes from others: the statements, and each name by itself.

(command
  name: (command_name (word) @_command)
  (#any-of? @_command "." "source")) @import

(command
  name: (command_name (word) @_command)
  . argument: (_) @import.module @import.everything
  (#any-of? @_command "." "source"))
