; What the file takes from others: the statements, and each name by itself.

(preproc_include) @import
(using_declaration) @import

(preproc_include path: [
  (system_lib_string) @import.module @import.everything
  (string_literal (string_content) @import.module @import.everything)
])
(using_declaration (qualified_identifier) @import.path)
(using_declaration "namespace" [(identifier) (qualified_identifier)] @import.module @import.everything)
