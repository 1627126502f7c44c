;;; eglot-tests.el --- Beside Eglot's server, and as Eglot's server  -*- lexical-binding: t; no-byte-compile: t; -*-

;;; Code:

(require 'support)
(require 'eglot)
(require 'flymake)

(defmacro eglot-tests-with (contact &rest body)
  "Have Eglot manage this buffer with the server of CONTACT while BODY runs."
  (declare (indent 1))
  `(let ((eglot-server-programs (list (cons '(python-mode python-ts-mode) ,contact)))
         (eglot-sync-connect nil))
     (apply #'eglot (eglot--guess-contact))
     (let ((server (tests-until (eglot-current-server))))
       (unwind-protect
           (progn ,@body)
         (eglot-shutdown server)))))

(defun eglot-tests-other ()
  "The contact of a server that is not Understudy."
  (list (getenv "TEST_PYTHON")
        (expand-file-name "../other_server.py" (file-name-directory (symbol-file 'eglot-tests-other)))))

(ert-deftest beside-another-server ()
  (tests-editing 'fake "|"
    (eglot-tests-with (eglot-tests-other)
      (should (eglot-managed-p))
      (should-not (understudy-eglot-server))
      (tests-type-text "say beside")
      (should (equal (tests-until (tests-ghost)) "beside"))
      (tests-type "TAB")
      (should (equal (buffer-string) "say besidebeside"))
      ;; Both know the whole text, and the other one still completes.
      (tests-type-text " o")
      (should (equal (tests-until (tests-ghost)) "besidebeside o"))
      (should (equal (mapcar #'substring-no-properties (all-completions "" (nth 2 (eglot-completion-at-point))))
                     '("other_word"))))))

(ert-deftest the-popup-of-another-server-has-the-screen ()
  (tests-editing 'fake "|"
    (eglot-tests-with (eglot-tests-other)
      (tests-type-text "say it")
      (tests-until (tests-ghost))
      (setq-local completion-in-region-mode t)
      (run-hooks 'post-command-hook)
      (should-not (tests-ghost))
      (should-not (eq (key-binding (kbd "TAB")) #'understudy-accept)))))

(ert-deftest as-the-eglot-server ()
  (tests-editing 'fake "# 😀\n|"
    (eglot-tests-with #'understudy-eglot-contact
      (should (eq (understudy-connection) (eglot-current-server)))
      ;; Its own copy of the text is closed: Eglot's is the one.
      (should-not (understudy-document-version understudy--document))
      (tests-until (tests-ready-p))
      (setq tests-sent nil)
      (tests-type-text "say 😀 eglot")
      (should (equal (tests-until (tests-ghost)) "😀 eglot"))
      (should (= (tests-count "textDocument/didChange") 1))
      (tests-type "M-f" "TAB")
      (should (equal (buffer-string) "# 😀\nsay 😀 eglot😀 eglot"))
      (should (= (tests-count "textDocument/didPartiallyAcceptCompletion") 1))
      (tests-type-text "!")
      (tests-until (tests-ghost))
      (tests-type-text "?")
      (should (equal (tests-until (tests-ghost)) "😀 eglot😀 eglot!?")))
    ;; When Eglot's server is gone, there is one of our own again.
    (tests-until (understudy-connection))
    (tests-until (tests-ready-p))
    (tests-type-text "+")
    (should (equal (tests-until (tests-ghost)) "😀 eglot😀 eglot!?+"))))

(ert-deftest as-the-eglot-server-of-a-file-behind-a-link ()
  (tests-editing 'fake "|"
    (let ((link (concat (directory-file-name (file-name-directory file)) "-link")))
      (make-symbolic-link (file-name-directory file) link)
      (set-buffer-modified-p nil)
      (kill-buffer)
      (switch-to-buffer (find-file-noselect (expand-file-name "é.py" link)))
      (understudy-mode)
      (eglot-tests-with #'understudy-eglot-contact
        (tests-type-text "say linked")
        (should (equal (tests-until (tests-ghost)) "linked"))))))

(ert-deftest eglot-server-that-tells-of-its-status ()
  (tests-editing 'fake "|"
    (eglot-tests-with #'understudy-eglot-contact
      (tests-until (tests-ready-p))
      (should (equal (substring-no-properties (understudy--lighter)) " Understudy"))
      (should (memq (eglot-current-server) (understudy-connections)))
      (setopt understudy-settings '(:completion (:enabled :json-false)))
      (unwind-protect
          (tests-until (equal (plist-get (understudy-status) :state) "off"))
        (setopt understudy-settings nil)))))

(ert-deftest eglot-server-in-place-of-the-one-of-its-own ()
  (let ((understudy-linger-seconds 0.1))
    (tests-editing 'fake "|"
      (should (tests-processes))
      (eglot-tests-with #'understudy-eglot-contact
        (tests-until (null (tests-processes)))
        (tests-type-text "say one")
        (should (equal (tests-until (tests-ghost)) "one")))
      (tests-until (tests-ready-p))
      (should (tests-processes)))))

(ert-deftest eglot-server-that-is-started-anew ()
  (tests-editing 'fake "|"
    (eglot-tests-with #'understudy-eglot-contact
      (understudy-restart)
      (tests-until (not (eq server (eglot-current-server))))
      (setq server (tests-until (eglot-current-server)))
      (should (eq (understudy-connection) server))
      (tests-type-text "say again")
      (should (equal (tests-until (tests-ghost)) "again"))
      (understudy-show-log)
      (should (get-buffer-window (jsonrpc-stderr-buffer server))))))

(ert-deftest registered-for-a-mode ()
  (let ((eglot-server-programs (copy-sequence eglot-server-programs)))
    (understudy-eglot-register 'conf-toml-mode 'text-mode)
    (should (eq (cdr (eglot--lookup-mode 'conf-toml-mode)) #'understudy-eglot-contact))
    (let ((understudy-settings '(:completion (:debounceMs 7))))
      (should (equal (understudy-eglot-contact t nil)
                     (append understudy-command
                             '(:initializationOptions (:understudyClient t :completion (:debounceMs 7)))))))))

(defconst eglot-tests-answers
  (concat tests-answers "===
!when \"Document `joined`\"
!always
\"<<<<<<< SEARCH\\ndef joined(a, b):\\n=======\\ndef joined(a, b):\\n    \\\"\\\"\\\"Join two paths.\\\"\\\"\\\"\\n>>>>>>> REPLACE\\n\"
")
  "What the model says, also when it is asked to document a function.")

(ert-deftest code-actions-of-the-eglot-server ()
  (tests-editing eglot-tests-answers tests-broken
    (eglot-tests-with #'understudy-eglot-contact
      (tests-until (tests-ready-p))
      (let ((before (buffer-string))
            (last-nonmenu-event ?a)) ; a key: after a click Eglot pops up a menu
        (tests-choosing "Document"
          (eglot-code-actions (point) nil nil t))
        (tests-until (string-search "Join two paths" (buffer-string)))
        (undo-boundary)
        (undo-only)
        (should (equal (buffer-string) before))))))

(ert-deftest a-fix-by-way-of-the-eglot-server ()
  (tests-editing eglot-tests-answers tests-broken
    (eglot-tests-with #'understudy-eglot-contact
      (add-hook 'flymake-diagnostic-functions #'tests-lint nil t)
      (flymake-start)
      (tests-until (flymake-diagnostics))
      (tests-until (tests-ready-p))
      (let ((before (buffer-string)))
        (tests-choosing "Fix"
          (understudy-fix)
          (tests-until (not (equal before (buffer-string)))))
        (should (equal (buffer-string) (string-replace "pth" "path" before)))))))

(ert-deftest an-edit-for-a-version-that-eglot-has-left-is-refused ()
  (tests-editing eglot-tests-answers tests-broken
    (eglot-tests-with #'understudy-eglot-contact
      (tests-until (tests-ready-p))
      (let* ((document (eglot--VersionedTextDocumentIdentifier))
             (edit (list :documentChanges
                         (vector (list :textDocument document
                                       :edits (vector (list :range '(:start (:line 0 :character 0)
                                                                     :end (:line 0 :character 0))
                                                            :newText "x")))))))
        (goto-char (point-min))
        (insert "\n")
        (let ((before (buffer-string)))
          (should (equal (understudy-fix-apply edit) "the text has changed"))
          (should (equal (buffer-string) before)))))))

;;; eglot-tests.el ends here
