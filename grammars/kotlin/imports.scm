; What the file takes from others.

(import) @import
