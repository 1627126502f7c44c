;;; understudy-lsp-mode.el --- Understudy as a server of lsp-mode  -*- lexical-binding: t; -*-

;; Copyright 2026 The Understudy authors
;; SPDX-License-Identifier: Apache-2.0

;; Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
;; the License.  You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0

;;; Commentary:

;; lsp-mode from version 10 on shows ghost text by itself (`lsp-inline-completion-mode').  With this file loaded, its
;; buffers have Understudy beside the server of their language; `understudy-mode' is not needed there.

;;; Code:

(require 'understudy-client)

(declare-function lsp-register-client "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function make-lsp-client "lsp-mode")

(defun understudy-lsp-mode-register ()
  "Make Understudy known to lsp-mode, as a server beside others."
  (lsp-register-client
   (make-lsp-client
    :server-id 'understudy
    :new-connection (lsp-stdio-connection (lambda () understudy-command))
    :activation-fn (lambda (_file mode) (provided-mode-derived-p mode '(prog-mode conf-mode)))
    :add-on? t
    ;; The server of the language is to be asked first where both can answer.
    :priority -10
    :initialization-options (lambda () (or understudy-settings (make-hash-table))))))

(with-eval-after-load 'lsp-mode
  (understudy-lsp-mode-register))

(provide 'understudy-lsp-mode)
;;; understudy-lsp-mode.el ends here
