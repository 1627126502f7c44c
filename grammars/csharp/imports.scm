; What the file takes from others: the statements, and each name by itself.

(using_directive) @import

(using_directive !name [(identifier) (qualified_name)] @import.module @import.everything)
(using_directive name: (identifier) @import.alias (qualified_name) @import.path)
