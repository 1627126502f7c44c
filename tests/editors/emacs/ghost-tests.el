;;; ghost-tests.el --- What a user sees and takes  -*- lexical-binding: t; no-byte-compile: t; -*-

;;; Code:

(require 'support)

(defconst tests-sum "!always\n\"a + b\\n\"\n")
(defconst tests-head "def add(a, b):\n    return|")

(ert-deftest ghost-text-is-accepted ()
  (tests-editing tests-sum tests-head
    (tests-type "SPC")
    (should (equal (tests-until (tests-ghost)) "a + b"))
    (should-not (string-search "a + b" (buffer-string)))
    (tests-type "TAB")
    (should (equal (buffer-string) "def add(a, b):\n    return a + b"))
    (should-not (tests-ghost))
    (should (= (tests-count "understudy/didAcceptCompletion") 1))))

(ert-deftest accepted-text-is-one-step-of-undo ()
  (tests-editing 'fake "|"
    (tests-type-text "say one two three")
    (tests-until (tests-ghost))
    (tests-type "M-f" "TAB")
    (should (equal (buffer-string) "say one two threeone two three"))
    (tests-type "C-/")
    (should (equal (buffer-string) "say one two threeone"))
    (tests-type "C-b C-/ C-/ C-/")
    (should (equal (buffer-string) "say one two three"))))

(ert-deftest a-word-and-a-line-are-accepted ()
  (tests-editing "!always\n\"a + b_c(\\n\"\n\"        2, 3)\\n\"\n" "def f():\n    x =|"
    (tests-type "SPC")
    (should (equal (tests-until (tests-ghost)) "a + b_c(\n        2, 3)"))
    (tests-type "M-f")
    (should (equal (tests-ghost) " + b_c(\n        2, 3)"))
    (tests-type "M-f" "M-f")
    (should (equal (tests-ghost) "(\n        2, 3)"))
    (should (equal (plist-get (tests-last "textDocument/didPartiallyAcceptCompletion") :acceptedLength) 7))
    (tests-type "C-e")
    (should (equal (tests-ghost) "\n        2, 3)"))
    (tests-type "C-e")
    (should-not (tests-ghost))
    (should (equal (buffer-string) "def f():\n    x = a + b_c(\n        2, 3)"))))

(ert-deftest what-was-accepted-is-reported-in-utf-16 ()
  (tests-editing 'fake "|"
    (tests-type-text "say 😀")
    (should (equal (tests-until (tests-ghost)) "😀"))
    (tests-type-text "😀")
    (should-not (tests-ghost)))
  (tests-editing 'fake "|"
    (tests-type-text "say 😀漢 b")
    (tests-until (tests-ghost))
    (tests-type "M-f")
    (should (equal (tests-ghost) "漢 b"))
    (should (equal (plist-get (tests-last "textDocument/didPartiallyAcceptCompletion") :acceptedLength) 2))
    ;; The server counts code points.
    (tests-until (tests-noted "accepted" "item-1" 1))))

(ert-deftest dismissed-text-is-gone-and-its-keys-too ()
  (tests-editing 'fake "|"
    (tests-type-text "say yes")
    (tests-until (tests-ghost))
    (should (eq (key-binding (kbd "TAB")) #'understudy-accept))
    (tests-type "C-g")
    (should-not (tests-ghost))
    (should-not (eq (key-binding (kbd "TAB")) #'understudy-accept))
    (should (equal (buffer-string) "say yes"))
    (tests-until (tests-noted "rejected" "item-1"))
    (tests-pause 0.3)
    (should-not (tests-ghost))))

(ert-deftest typing-along-keeps-it-and-asks-nobody ()
  (tests-editing tests-sum tests-head
    (tests-type "SPC")
    (tests-until (tests-ghost))
    (setq tests-sent nil)
    (dotimes (typed 4)
      (tests-type-text (substring "a + b" typed (1+ typed)))
      (should (equal (tests-ghost) (substring "a + b" (1+ typed))))
      (tests-pause 0.1)
      (should (equal (tests-ghost) (substring "a + b" (1+ typed)))))
    (should (= (tests-count "textDocument/inlineCompletion") 0))
    (tests-type "DEL" "DEL")
    (should (equal (tests-ghost) "+ b"))
    (should (= (tests-count "textDocument/inlineCompletion") 0))))

(ert-deftest typing-against-it-removes-it-at-once ()
  (tests-editing 'fake "|"
    (tests-type-text "say abc")
    (tests-until (tests-ghost))
    (tests-type-text "x")
    (should-not (tests-ghost))
    (should (equal (tests-until (tests-ghost)) "abcx"))
    (tests-type "C-b")
    (should-not (tests-ghost))))

(ert-deftest a-late-answer-is-not-shown ()
  (tests-editing 'fake "|"
    (tests-type-text "slow a")
    (tests-until (= (tests-count "textDocument/inlineCompletion") 1))
    (tests-type-text "b")
    (should (= (tests-count "$/cancelRequest") 1))
    (let ((end (+ (float-time) 1)) seen)
      (while (< (float-time) end)
        (tests-pause 0.02)
        (cl-pushnew (tests-ghost) seen :test #'equal))
      (should (equal seen '("ab" nil))))
    (tests-type-text "c")
    (tests-until (= (tests-count "textDocument/inlineCompletion") 3))
    (tests-type "C-a")
    (should (= (tests-count "$/cancelRequest") 2))
    (tests-pause 0.5)
    (should-not (tests-ghost))))

(ert-deftest an-answer-counts-for-the-text-that-it-is-for ()
  (tests-editing 'fake "|"
    (let ((request (list (understudy-connection) 1 (buffer-chars-modified-tick) (point)))
          (result '(:items [(:insertText "late")])))
      (setq understudy--request request)
      (understudy--answered (current-buffer) (copy-sequence request) result #'understudy--show)
      (should-not (tests-ghost))
      (should (eq understudy--request request))
      (save-excursion
        (insert "x"))
      (understudy--answered (current-buffer) request result #'understudy--show)
      (should-not (tests-ghost))
      (should-not understudy--request))))

(ert-deftest each-request-is-cancelled ()
  (tests-editing 'fake "|"
    (tests-type-text "slow a")
    (tests-until (= (tests-count "textDocument/inlineCompletion") 1))
    (tests-type-text "b")
    (tests-until (= (tests-count "textDocument/inlineCompletion") 2))
    ;; The answer to the first one comes meanwhile.
    (tests-pause 0.15)
    (tests-type "C-a")
    (should (= (tests-count "$/cancelRequest") 2))))

(ert-deftest what-changes-nothing-keeps-the-request-that-is-to-come ()
  (tests-editing 'fake "|"
    (tests-type-text "say it")
    (run-hooks 'post-command-hook)
    (should (equal (tests-until (tests-ghost)) "it"))
    (tests-type "SPC" "C-b")
    (tests-pause 0.3)
    (should-not (tests-ghost))))

(ert-deftest fast-typing-makes-one-request ()
  (tests-editing 'fake "|"
    (tests-type-text "say quickly")
    (should (equal (tests-until (tests-ghost)) "quickly"))
    (should (= (tests-count "textDocument/inlineCompletion") 1))))

(ert-deftest every-kind-of-character ()
  (dolist (text '("😀" "漢字" "é́" "👨‍👩‍👧" "עברית" "a\tb"))
    (tests-editing 'fake (concat "# " text "\n😀|\n# " text)
      ;; The server reads the line up to the position that it was told: it offers just this text if that is right.
      (beginning-of-line)
      (delete-char 1)
      (insert "say " text)
      (tests-type-text "!")
      (should (equal (tests-until (tests-ghost)) (concat text "!")))
      (tests-type "TAB")
      (should (equal (buffer-string) (concat "# " text "\nsay " text "!" text "!\n# " text))))))

(ert-deftest in-the-middle-of-a-line ()
  (tests-editing 'fake "f(|) # end"
    (tests-type "C-a")
    (tests-type-text "say it ")
    (should (equal (tests-until (tests-ghost)) "it"))
    (tests-type "TAB")
    (should (equal (buffer-string) "say it itf() # end"))))

(ert-deftest the-window-in-which-one-types ()
  (tests-editing 'fake "|\n\n"
    (split-window)
    (tests-type-text "say here")
    (tests-until (tests-ghost))
    (let ((window (selected-window)))
      (set-window-point (next-window) (point))
      (tests-type "C-x o")
      (should-not (eq window (selected-window)))
      (should-not (tests-ghost))
      (should-not (overlays-in (point-min) (point-max)))
      (should-not (eq (key-binding (kbd "TAB")) #'understudy-accept))
      (goto-char (point-max))
      (tests-type-text "say there")
      (should (equal (tests-until (tests-ghost)) "there")))))

(ert-deftest a-narrowed-buffer ()
  (tests-editing 'fake "# above 😀\n\n|\n# below\n"
    (narrow-to-region (pos-bol) (pos-eol))
    (tests-type-text "say narrow")
    (should (equal (tests-until (tests-ghost)) "narrow"))
    (tests-type "TAB")
    (should (equal (buffer-string) "say narrownarrow"))
    (widen)
    (should (equal (buffer-string) "# above 😀\n\nsay narrownarrow\n# below\n"))))

(ert-deftest an-indirect-buffer ()
  (dolist (make (list (lambda () (clone-indirect-buffer "a.py<indirect>" nil))
                      (lambda () (make-indirect-buffer (current-buffer) "a.py<indirect>"))))
    (tests-editing 'fake "# 漢\n|\n"
      (let ((base (current-buffer)) (indirect (funcall make)))
        (unwind-protect
            (progn
              (switch-to-buffer indirect)
              (unless understudy-mode (understudy-mode))
              (goto-char (1- (point-max)))
              (tests-type-text "say indirect")
              (should (equal (tests-until (tests-ghost)) "indirect"))
              (tests-type "TAB")
              (should (= (length (hash-table-values understudy--sessions)) 1))
              (switch-to-buffer base)
              (should (equal (buffer-string) "# 漢\nsay indirectindirect\n"))
              (goto-char (1- (point-max)))
              (tests-type-text " and base")
              (should (equal (tests-until (tests-ghost)) "indirectindirect and base"))
              (tests-type "C-g"))
          (kill-buffer indirect))
        (tests-type-text "!")
        (should (equal (tests-until (tests-ghost)) "indirectindirect and base!"))))))

(ert-deftest other-suggestions-are-a-key-away ()
  (tests-editing "\"a + b\\n\"\n===\n\"a + b\\n\"\n===\n\"a * b\\n\"\n===\n\"a - b\\n\"\n" tests-head
    (tests-type "SPC")
    (should (equal (tests-until (tests-ghost)) "a + b"))
    (tests-type "M-n")
    (let* ((second (tests-until (and (not (equal (tests-ghost) "a + b")) (tests-ghost)))))
      (tests-type "M-p")
      (should (equal (tests-ghost) "a + b"))
      (tests-type "M-n")
      (should (equal (tests-ghost) second))
      ;; Those that disagree with what was typed are passed over.
      (tests-type-text (substring second 0 3))
      (tests-type "M-n")
      (should (equal (tests-ghost) (substring second 3)))
      (tests-type "TAB")
      (should (equal (buffer-string) (concat "def add(a, b):\n    return " second))))))

(ert-deftest asked-by-hand ()
  (let ((understudy-idle-delay nil))
    (tests-editing 'fake "say please|"
      (tests-type-text "!")
      (tests-pause 0.2)
      (should (= (tests-count "textDocument/inlineCompletion") 0))
      (understudy-trigger)
      (should (equal (tests-until (tests-ghost)) "please!"))
      (should (equal (plist-get (plist-get (tests-last "textDocument/inlineCompletion") :context) :triggerKind) 1)))))

(ert-deftest nothing-is-suggested-where-it-would-disturb ()
  (dolist (disturb (list (lambda () (setq-local completion-in-region-mode t))
                         (lambda () (setq-local company-candidates '("x")))
                         (lambda () (setq-local completion-preview-active-mode t))
                         (lambda () (setq-local buffer-read-only t))
                         (lambda () (setq-local understudy-inhibit-functions '(always)))
                         (lambda () (transient-mark-mode) (push-mark (point-min) t t))))
    (tests-editing 'fake "|"
      (tests-type-text "say it")
      (tests-until (tests-ghost))
      (funcall disturb)
      (run-hooks 'post-command-hook)
      (should-not (tests-ghost))
      (understudy-trigger)
      (tests-pause 0.15)
      (should-not (tests-ghost))
      (setq-local buffer-read-only nil))))

(ert-deftest a-popup-that-comes-later-gets-the-keys ()
  (dolist (row '((completion-in-region-mode . completion-in-region-mode-hook)
                 (company-candidates . company-completion-started-hook)
                 (completion-preview-active-mode . completion-preview-active-mode-hook)))
    (tests-editing 'fake "|"
      (tests-type-text "say it")
      (tests-until (tests-ghost))
      (set (make-local-variable (car row)) '("x"))
      (run-hook-with-args (cdr row) t)
      (should-not (tests-ghost))
      (should-not (eq (key-binding (kbd "TAB")) #'understudy-accept)))))

(ert-deftest undo-asks-nobody ()
  (tests-editing 'fake "|"
    (tests-type-text "say it")
    (tests-until (tests-ghost))
    (setq tests-sent nil)
    (tests-type "C-/")
    (tests-pause 0.2)
    (should-not (tests-ghost))
    (should (= (tests-count "textDocument/inlineCompletion") 0))))

(ert-deftest only-text-at-point-is-shown ()
  "What would replace text cannot be shown truthfully."
  (tests-editing 'fake "ab|"
    (cl-flet ((item (text start end)
                (list :insertText text :range (list :start (list :line 0 :character start)
                                                    :end (list :line 0 :character end)))))
      (should (equal (understudy--items (vector (item "x" 2 2) (item "ab" 0 2) (item "y" 1 1) (item "" 2 2) '(:insertText "z")
                                                (item "x" 2 2)))
                     (list (item "x" 2 2) '(:insertText "z"))))
      (should-not (understudy--items nil)))))

;;; ghost-tests.el ends here
