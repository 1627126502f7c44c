; What the file takes from others: the statements, and each name by itself.

(import) @import

(import (qualified_identifier) @import.path)
(import (qualified_identifier) @import.path (identifier) @import.alias)
(import (qualified_identifier) @import.module @import.everything "*")
