;;; support.el --- What the tests of understudy.el share  -*- lexical-binding: t; no-byte-compile: t; -*-

;;; Commentary:

;; Keys go through the command loop and servers are real processes.  The environment says which Python runs them
;; (TEST_PYTHON), where the fake server is (TEST_FAKE_SERVER), and where files may be written (TEST_FOLDER).

;;; Code:

;; The editor may have come without the compiler that this needs.
(setq native-comp-jit-compilation nil
      native-comp-enable-subr-trampolines nil)

(require 'ert)
(require 'cl-lib)
(require 'understudy)

(defvar tests-sent nil
  "The messages that went to servers, latest first, each as (METHOD . PARAMS).")

(cl-defmethod jsonrpc-connection-send :before ((_ jsonrpc-process-connection) &key method params &allow-other-keys)
  (push (cons (if (keywordp method) (substring (symbol-name method) 1) (format "%s" method)) params) tests-sent))

(defvar tests-running nil
  "What the servers that run were started for.")

(defun tests-count (method)
  "How often METHOD was sent."
  (cl-count method tests-sent :key #'car :test #'equal))

(defun tests-last (method)
  "The parameters with which METHOD was sent last."
  (alist-get method tests-sent nil nil #'equal))

(defmacro tests-until (&rest body)
  "Wait until BODY is non-nil, and return that; fail after ten seconds."
  (declare (indent 0))
  `(tests--until (lambda () ,@body) ',body))

(defun tests--until (holds form)
  "Wait until HOLDS returns non-nil; FORM tells what that was."
  (let ((end (+ (float-time) 10)) found)
    (while (and (not (setq found (funcall holds))) (< (float-time) end))
      (accept-process-output nil 0.01))
    (unless found
      (ert-fail (list 'waited-in-vain form (tests-log))))
    found))

(defun tests-pause (seconds)
  "Let SECONDS go by, in which servers are heard and timers run."
  (let ((end (+ (float-time) seconds)))
    (while (< (float-time) end)
      (accept-process-output nil 0.01))))

(defun tests-type (&rest keys)
  "Type KEYS, each as `kbd' reads it, one command after the other."
  (dolist (key keys)
    (execute-kbd-macro (kbd key))))

(defun tests-type-text (text)
  "Type the characters of TEXT."
  (mapc (lambda (char) (execute-kbd-macro (vector char))) text))

(defun tests-ghost ()
  "The ghost text that is on the screen at point, nil if there is none."
  (let ((found (seq-filter (lambda (overlay) (and (overlay-get overlay 'after-string)
                                                  (= (overlay-start overlay) (overlay-end overlay) (point))
                                                  (eq (overlay-get overlay 'window) (selected-window))))
                           (overlays-in (point-min) (point-max)))))
    (when found
      (should-not (cdr found))
      (string-remove-prefix (if (string-prefix-p " \n" (overlay-get (car found) 'after-string)) " " "")
                            (substring-no-properties (overlay-get (car found) 'after-string))))))

(defun tests-log ()
  "What the servers logged."
  (with-current-buffer (understudy--log-buffer) (buffer-string)))

(defun tests-noted (&rest words)
  "Non-nil if the fake server noted WORDS."
  (string-search (concat "note " (json-serialize (vconcat words) :null-object nil :false-object :json-false))
                 (replace-regexp-in-string ", " "," (tests-log))))

(defun tests-ready-p ()
  "Non-nil if this buffer's server is ready."
  (and (understudy-connection) (equal (plist-get (understudy-status) :state) "ready")))

(defun tests-processes ()
  "The servers' processes."
  (seq-filter (lambda (process) (and (string-prefix-p "understudy" (process-name process))
                                     (eq (process-type process) 'real)))
              (process-list)))

(defun tests-stop ()
  "Stop every server and wait until it is gone."
  (dolist (buffer (buffer-list))
    (with-current-buffer buffer
      (when understudy-mode (understudy-mode -1))))
  (dolist (session (hash-table-values understudy--sessions))
    (understudy--stop session))
  (clrhash understudy--sessions)
  (tests-until (null (tests-processes)))
  (setq tests-running nil))

(defun tests-serve (script)
  "Have the server play SCRIPT in place of a model; `fake' stands for the server that says what a line tells it to."
  (unless (equal script tests-running)
    (tests-stop)
    (setq tests-running script)
    (if (eq script 'fake)
        (setq understudy-command (list (getenv "TEST_PYTHON") (getenv "TEST_FAKE_SERVER")))
      (let ((file (expand-file-name "script" (getenv "TEST_FOLDER"))))
        (with-temp-file file (insert script))
        (setenv "UNDERSTUDY_SCRIPT" file)
        (setq understudy-command (list (getenv "TEST_PYTHON") "-m" "understudy" "lsp"))))))

(defun tests-file (name)
  "The path of a file called NAME that does not exist."
  (let ((folder (make-temp-file (expand-file-name "files" (getenv "TEST_FOLDER")) t)))
    (expand-file-name name folder)))

(defmacro tests-editing (script text &rest body)
  "Visit a Python file that holds TEXT, point at its | or end, served as SCRIPT says; do BODY there."
  (declare (indent 2) (debug t))
  `(progn
     (tests-serve ,script)
     (let ((file (tests-file "a.py")))
       (with-temp-file file (insert ,text))
       (switch-to-buffer (find-file-noselect file))
       (unwind-protect
           (progn
             (tests-goto-mark)
             (understudy-mode)
             (tests-until (tests-ready-p))
             (setq tests-sent nil)
             (with-current-buffer (understudy--log-buffer) (let ((inhibit-read-only t)) (erase-buffer)))
             ,@body)
         (set-buffer-modified-p nil)
         (kill-buffer)
         (delete-other-windows)))))

(defun tests-goto-mark ()
  "Go to the mark | and delete it, or to the end of the buffer."
  (goto-char (point-min))
  (if (search-forward "|" nil t)
      (delete-char -1)
    (goto-char (point-max)))
  (set-buffer-modified-p nil)
  (buffer-disable-undo)
  (buffer-enable-undo))

(defconst tests-broken "# 😀\nfrom os import path\n\n\ndef joined(a, b):\n    return |pth.join(a, b)\n"
  "A file with a name that is nowhere defined, point on it.")

(defconst tests-answers
  "!when \"Undefined name `pth`\"
!always
\"<<<<<<< SEARCH\\n    return pth.join(a, b)\\n=======\\n    return path.join(a, b)\\n>>>>>>> REPLACE\\n\"
===
!when \"join three\"
!always
\"<<<<<<< SEARCH\\ndef joined(a, b):\\n=======\\ndef joined(a, b, c):\\n>>>>>>> REPLACE\\n\"
"
  "What a model says when it is asked to fix `tests-broken', or to change it so that it joins three.")

(defun tests-lint (report &rest _)
  "REPORT the problem, as a linter's Flymake backend does."
  (save-excursion
    (goto-char (point-min))
    (funcall report
             (when (search-forward "pth" nil t)
               (list (flymake-make-diagnostic (current-buffer) (match-beginning 0) (match-end 0) :error
                                              "F821 Undefined name `pth`"))))))

(defun tests-choice (words)
  "Return a `completing-read' that takes the entry with WORDS in its title."
  (lambda (_prompt table &rest _)
    (let ((titles (all-completions "" table)))
      (or (seq-find (lambda (title) (string-search words title)) titles)
          (ert-fail (list 'not-offered words titles))))))

(defmacro tests-choosing (words &rest body)
  "Run BODY while the user takes the entry with WORDS in its title."
  (declare (indent 1))
  `(cl-letf (((symbol-function 'completing-read) (tests-choice ,words)))
     ,@body))

(setq make-backup-files nil
      auto-save-default nil
      create-lockfiles nil
      python-indent-guess-indent-offset nil
      text-quoting-style 'grave)

(provide 'support)
;;; support.el ends here
