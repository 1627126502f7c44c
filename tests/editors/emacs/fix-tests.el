;;; fix-tests.el --- Fixes that were checked, and other changes  -*- lexical-binding: t; no-byte-compile: t; -*-

;;; Code:

(require 'support)
(require 'flymake)

(defconst fix-tests-answers
  (concat "!when \"Explain this problem\"
!always
\"Nothing is called *pth* here.\\n\"
===
" tests-answers)
  "What the model says: first the explanation, since who asks for one says the words of the problem too.")

(defmacro fix-tests-editing (&rest body)
  "Run BODY in a buffer with a problem that Flymake shows, once the server is ready."
  `(tests-editing fix-tests-answers tests-broken
     (add-hook 'flymake-diagnostic-functions #'tests-lint nil t)
     (flymake-mode)
     (flymake-start)
     (tests-until (tests-ready-p))
     (tests-until (flymake-diagnostics))
     ,@body))

(defun fix-tests-fixed ()
  "Non-nil once the problem is gone from the text."
  (string-search "return path.join(a, b)" (buffer-string)))

(ert-deftest a-fix-for-what-flymake-shows-arrives-and-is-one-step-of-undo ()
  (fix-tests-editing
   (let ((before (buffer-string)))
     (tests-choosing "Fix"
       (understudy-fix)
       (tests-until (fix-tests-fixed)))
     (should (equal (buffer-string) (string-replace "pth" "path" before)))
     (should (looking-at "\\(path\\|pth\\|\\.\\)\\|")) ; the cursor stays in its line
     (should (= (line-number-at-pos) 6))
     (undo-boundary)
     (undo-only)
     (should (equal (buffer-string) before)))))

(ert-deftest a-change-as-the-user-says ()
  (fix-tests-editing
   (goto-char (point-min))
   (search-forward "def joined")
   (understudy-change (pos-bol) (pos-eol) "join three")
   (tests-until (string-search "def joined(a, b, c):" (buffer-string)))))

(ert-deftest an-explanation-is-shown ()
  (fix-tests-editing
   (tests-choosing "Explain"
     (understudy-actions)
     (with-current-buffer (tests-until (get-buffer "*understudy explanation*"))
       (should (tests-until (string-search "Nothing is called" (buffer-string))))))
   (kill-buffer "*understudy explanation*")))

(ert-deftest an-edit-for-another-version-is-refused ()
  (fix-tests-editing
   (let ((before (buffer-string))
         (change (list :textDocument (list :uri (understudy-document-uri understudy--document) :version 0)
                       :edits (vector (list :range '(:start (:line 0 :character 0) :end (:line 0 :character 1))
                                            :newText "x")))))
     (should (equal (understudy-fix-answer-edit (list :edit (list :documentChanges (vector change))))
                    '(:applied :json-false :failureReason "the text has changed")))
     (should (equal (buffer-string) before)))))

(ert-deftest an-entry-that-came-too-late-says-so ()
  (fix-tests-editing
   (let ((before (buffer-string))
         (change (list :textDocument (list :uri (understudy-document-uri understudy--document) :version 0)
                       :edits [(:range (:start (:line 0 :character 0) :end (:line 0 :character 1)) :newText "x")])))
     (should (string-search "the text has changed"
                            (cadr (should-error (understudy-fix--do nil (list :edit (list :documentChanges
                                                                                          (vector change))))
                                                :type 'user-error))))
     (should (equal (buffer-string) before)))))

(ert-deftest a-problem-is-told-whatever-its-backend-keeps-with-it ()
  (with-temp-buffer
    (insert "pth")
    (dolist (data '("text" 7 (1 . 2) nil))
      (let ((problem (flymake-make-diagnostic (current-buffer) 1 4 :error "no pth" data)))
        (should (equal (plist-get (understudy-fix--flymake problem) :message) "no pth"))))))

(ert-deftest edits-count-in-the-server-s-units ()
  (with-temp-buffer
    (insert "a😀b\ncd\n")
    (understudy-fix--edit
     [(:range (:start (:line 0 :character 3) :end (:line 0 :character 4)) :newText "B")
      (:range (:start (:line 1 :character 0) :end (:line 2 :character 0)) :newText "")])
    (should (equal (buffer-string) "a😀B\n"))))

;;; fix-tests.el ends here
