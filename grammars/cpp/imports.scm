; What the file takes from others.

(preproc_include) @import
(using_declaration) @import
