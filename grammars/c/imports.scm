; What the file takes from others: the statements, and each name by itself.

(preproc_include) @import

(preproc_include path: [
  (system_lib_string) @import.module @import.everything
  (string_literal (string_content) @import.module @import.everything)
])
