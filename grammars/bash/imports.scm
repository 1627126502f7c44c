; What the file takes from others.

(command
  name: (command_name (word) @_command)
  (#any-of? @_command "." "source")) @import
