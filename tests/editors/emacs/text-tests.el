;;; text-tests.el --- The server's copy of a text  -*- lexical-binding: t; no-byte-compile: t; -*-

;;; Code:

(require 'support)

(defvar text-tests-copy nil
  "The text as the messages say it, in UTF-16: two bytes for a unit.")

(defun text-tests-encoded (text)
  (should-not (string-search "\r" text))
  (encode-coding-string text 'utf-16le-unix))

(defun text-tests-offset (position)
  "The byte of `text-tests-copy' at LSP's POSITION."
  (let ((at 0))
    (dotimes (_ (plist-get position :line))
      (while (not (and (= (aref text-tests-copy at) ?\n) (= (aref text-tests-copy (1+ at)) 0)))
        (cl-incf at 2))
      (cl-incf at 2))
    (+ at (* 2 (plist-get position :character)))))

(defun text-tests-hear ()
  "Apply what was sent, oldest first."
  (dolist (message (reverse tests-sent))
    (pcase message
      (`("textDocument/didOpen" . ,params)
       (setq text-tests-copy (text-tests-encoded (plist-get (plist-get params :textDocument) :text))))
      (`("textDocument/didChange" . ,params)
       (seq-doseq (change (plist-get params :contentChanges))
         (let ((text (text-tests-encoded (plist-get change :text))))
           (setq text-tests-copy
                 (if-let* ((range (plist-get change :range)))
                     (concat (substring text-tests-copy 0 (text-tests-offset (plist-get range :start)))
                             text
                             (substring text-tests-copy (text-tests-offset (plist-get range :end))))
                   text)))))))
  (setq tests-sent nil))

(defun text-tests-agrees ()
  "Send what is to be sent, and compare the copy with the buffer."
  (understudy-flush)
  (text-tests-hear)
  (should (equal (decode-coding-string text-tests-copy 'utf-16le-unix)
                 (string-replace "\r" " " (save-restriction
                                           (widen)
                                           (buffer-substring-no-properties (point-min) (point-max)))))))

(defconst text-tests-words ["a" "\n" "😀" "漢" "é" "\t" "x = 1\n" "👨‍👩‍👧" "\r" "" "foo bar" "\n\n😀"])

(defun text-tests-edit ()
  "Make a random edit somewhere."
  (let* ((somewhere (lambda () (+ (point-min) (random (1+ (- (point-max) (point-min)))))))
         (from (funcall somewhere)) (to (min (point-max) (+ from (random 5))))
         (word (aref text-tests-words (random (length text-tests-words)))))
    (goto-char from)
    (pcase (random 11)
      ((or 0 1 2 3) (insert word))
      (4 (delete-region from to))
      (5 (replace-region-contents from to (lambda () word)))
      (6 (upcase-region from to))
      (7 (subst-char-in-region from to ?a ?b))
      (8 (when (> (- (point-max) (point-min)) 6)
           (transpose-regions (point-min) (+ (point-min) 2) (- (point-max) 2) (point-max))))
      (9 (let ((inhibit-modification-hooks t)) (insert word)))
      (10 (save-restriction
            (narrow-to-region from to)
            (insert word)
            (delete-region (point-min) (point)))))))

(ert-deftest the-server-has-the-text-that-the-buffer-has ()
  (random "understudy")
  (tests-editing 'fake "first 😀\nsecond\n"
    (understudy-restart)
    (tests-until (tests-ready-p))
    (text-tests-agrees)
    (dotimes (_ 300)
      (dotimes (_ (1+ (random 4)))
        (text-tests-edit))
      (text-tests-agrees))))

(ert-deftest small-edits-are-sent-as-small-ones ()
  (tests-editing 'fake (concat (make-string 10000 ?x) "\n😀|\n")
    (tests-type-text "abc")
    (understudy-flush)
    (let ((change (aref (plist-get (tests-last "textDocument/didChange") :contentChanges) 0)))
      (should (equal change '(:range (:start (:line 1 :character 2) :end (:line 1 :character 2)) :text "a"))))))

(ert-deftest changes-are-sent-though-nobody-asks ()
  (tests-editing 'fake "x|"
    (insert "y")
    (tests-until (= (tests-count "textDocument/didChange") 1))
    (tests-until (tests-noted "changed" 1 2))))

(ert-deftest an-edit-in-a-clone-and-one-in-the-original ()
  (tests-editing 'fake "first\n|"
    (understudy-restart)
    (tests-until (tests-ready-p))
    (text-tests-agrees)
    (let ((base (current-buffer))
          (clone (clone-indirect-buffer nil nil)))
      (unwind-protect
          (dotimes (_ 20)
            (with-current-buffer clone (text-tests-edit))
            (with-current-buffer base (text-tests-edit) (text-tests-agrees))
            (with-current-buffer clone (text-tests-edit) (text-tests-agrees)))
        (kill-buffer clone)))))

(ert-deftest an-edit-in-a-clone-is-a-small-one-too ()
  (tests-editing 'fake "first 😀\n|"
    (let ((clone (clone-indirect-buffer nil nil)))
      (unwind-protect
          (with-current-buffer clone
            (goto-char 7)
            (insert "x")
            (understudy-flush)
            (should (equal (aref (plist-get (tests-last "textDocument/didChange") :contentChanges) 0)
                           '(:range (:start (:line 0 :character 6) :end (:line 0 :character 6)) :text "x"))))
        (kill-buffer clone)))))

(ert-deftest reverting-renaming-and-another-mode ()
  (tests-editing 'fake "first\n|"
    (with-temp-file file (insert "from disk 😀"))
    (revert-buffer t t t)
    (should understudy-mode)
    (tests-until (understudy-connection))
    (goto-char (point-max))
    (insert "\nsay ")
    (tests-type-text "x")
    (should (equal (tests-until (tests-ghost)) "x"))
    (setq tests-sent nil)
    (write-file (tests-file "other.py"))
    (should (equal (mapcar #'car (seq-filter (lambda (message) (string-match-p "did\\(Open\\|Close\\)" (car message)))
                                             tests-sent))
                   '("textDocument/didOpen" "textDocument/didClose")))
    (should (string-suffix-p "/other.py" (plist-get (plist-get (tests-last "textDocument/didOpen") :textDocument) :uri)))
    (setq tests-sent nil)
    (js-mode)
    (understudy-mode)
    (should (equal (plist-get (plist-get (tests-last "textDocument/didOpen") :textDocument) :languageId) "javascript"))))

(ert-deftest names-of-files-and-languages ()
  (should (equal (understudy-path-to-uri "/a b/é#.py") "file:///a%20b/%C3%A9%23.py"))
  (should (equal (mapcar #'understudy-text-language-id
                         '(python-ts-mode c++-mode tsx-ts-mode bash-ts-mode sh-mode emacs-lisp-mode rust-mode js-json-mode))
                 '("python" "cpp" "typescriptreact" "shellscript" "shellscript" "elisp" "rust" "json"))))

(ert-deftest what-is-not-unicode-can-be-sent ()
  (tests-editing 'fake "|"
    (set-buffer-multibyte t)
    (insert (concat "say " (string ?a #x3fff80 #xd800 ?b)))
    (tests-type-text "!")
    (should (equal (tests-until (tests-ghost)) "a\ufffd\ufffdb!"))))

;;; text-tests.el ends here
