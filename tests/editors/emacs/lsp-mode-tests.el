;;; lsp-mode-tests.el --- Understudy in lsp-mode  -*- lexical-binding: t; no-byte-compile: t; -*-

;;; Commentary:

;; lsp-mode and what it needs are below the folders that LSP_MODE_PATH lists.

;;; Code:

(require 'support)
(require 'understudy-lsp-mode)

(defvar lsp-mode)
(defvar lsp-enabled-clients)
(defvar lsp-inline-completion-idle-delay)
(defvar lsp-inline-completion--overlay)

(defun lsp-mode-tests-load ()
  "Load lsp-mode; return nil if there is none."
  (dolist (folder (split-string (or (getenv "LSP_MODE_PATH") "") path-separator t))
    (add-to-list 'load-path folder))
  (setq lsp-auto-guess-root t
        lsp-session-file (tests-file "session")
        lsp-restart 'ignore
        lsp-warn-no-matched-clients nil
        lsp-inline-completion-idle-delay 0.1)
  (and (require 'lsp-mode nil t) (require 'lsp-inline-completion nil t)))

(defvar lsp-auto-guess-root)
(defvar lsp-session-file)
(defvar lsp-restart)
(defvar lsp-warn-no-matched-clients)

(declare-function lsp "lsp-mode")
(declare-function lsp-workspaces "lsp-mode")
(declare-function lsp-register-client "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function lsp-workspace-shutdown "lsp-mode")
(declare-function lsp--workspace-server-id "lsp-mode")
(declare-function lsp--workspace-status "lsp-mode")
(declare-function make-lsp-client "lsp-mode")
(declare-function lsp-inline-completion-display "lsp-inline-completion")
(declare-function lsp-inline-completion-accept "lsp-inline-completion")

(defun lsp-mode-tests-other ()
  "Register a server for Python that is not Understudy."
  (lsp-register-client
   (make-lsp-client
    :server-id 'other
    :new-connection (lsp-stdio-connection
                     (list (getenv "TEST_PYTHON")
                           (expand-file-name "../other_server.py"
                                             (file-name-directory (symbol-file 'lsp-mode-tests-other)))))
    :major-modes '(python-mode)
    :priority 10)))

(ert-deftest ghost-text-beside-another-server ()
  (skip-unless (lsp-mode-tests-load))
  (lsp-mode-tests-other)
  (tests-stop)
  (tests-serve 'fake)
  (let ((lsp-enabled-clients '(understudy other))
        (file (tests-file "a.py")))
    (make-directory (expand-file-name ".git" (file-name-directory file)))
    (with-temp-file file (insert "# 😀\nsay with lsp-mode "))
    (switch-to-buffer (find-file-noselect file))
    (goto-char (point-max))
    (lsp)
    (tests-until (equal (sort (mapcar (lambda (workspace) (symbol-name (lsp--workspace-server-id workspace)))
                                      (lsp-workspaces)))
                        '("other" "understudy")))
    (tests-until (seq-every-p (lambda (workspace) (eq (lsp--workspace-status workspace) 'initialized))
                              (lsp-workspaces)))
    (tests-pause 0.5)
    (lsp-inline-completion-display)
    (tests-until (overlayp lsp-inline-completion--overlay))
    (should (string-search "with lsp-mode" (overlay-get lsp-inline-completion--overlay 'after-string)))
    (lsp-inline-completion-accept)
    (should (equal (buffer-string) "# 😀\nsay with lsp-mode with lsp-mode"))
    (mapc #'lsp-workspace-shutdown (lsp-workspaces))
    (set-buffer-modified-p nil)
    (kill-buffer)))

;;; lsp-mode-tests.el ends here
