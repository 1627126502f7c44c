; What the file takes from others.

(using_directive) @import
