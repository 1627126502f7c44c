;;; understudy-fix.el --- Fixes that were checked, and other changes  -*- lexical-binding: t; -*-

;; Copyright 2026 The Understudy authors
;; SPDX-License-Identifier: Apache-2.0

;; Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
;; the License.  You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0

;;; Commentary:

;; Code actions over the connection of `understudy-mode', which works beside Eglot: the problems that Flymake shows are
;; sent along, whoever reported them.  Where Understudy is Eglot's server this goes by Eglot's connection; of itself
;; `eglot-code-actions' tells a server only of the problems that this server has reported, and ours reports none.
;;
;; Nothing here waits for the server.  Text arrives as edits for a version of a buffer and is refused for any other.

;;; Code:

(require 'cl-lib)
(require 'flymake)
(require 'understudy-client)

(declare-function eglot--VersionedTextDocumentIdentifier "eglot")
(declare-function flycheck-overlay-errors-in "flycheck")
(declare-function flycheck-error-message "flycheck")
(declare-function flycheck-error-id "flycheck")
(declare-function flycheck-error-checker "flycheck")
(declare-function flycheck-error-level "flycheck")
(declare-function flycheck-error-region-for-mode "flycheck")

;;;; What the server is told

(defun understudy-fix--range (start end)
  "Return START to END as LSP writes a range."
  (list :start (understudy-text-position start) :end (understudy-text-position end)))

(defun understudy-fix--flymake (diagnostic)
  "Return Flymake's DIAGNOSTIC as LSP writes it.
What a language server said of it is kept, but for the range, which the
buffer has moved since."
  (let* ((data (flymake-diagnostic-data diagnostic)) ; of any kind, by other backends
         (said (and (listp data) (ignore-errors (alist-get 'eglot-lsp-diag data))))
         (range (understudy-fix--range (flymake-diagnostic-beg diagnostic) (flymake-diagnostic-end diagnostic))))
    (if said
        (plist-put (copy-sequence said) :range range)
      (let ((source (replace-regexp-in-string "\\`flymake-\\|-\\(?:flymake\\|backend\\)\\'" ""
                                              (format "%s" (flymake-diagnostic-backend diagnostic)))))
        (list :range range
              :message (flymake-diagnostic-text diagnostic)
              :source source
              :severity (pcase (flymake-diagnostic-type diagnostic)
                          ((or :error 'eglot-error) 1)
                          ((or :warning 'eglot-warning) 2)
                          (_ 3)))))))

(defun understudy-fix--flycheck (problem)
  "Return Flycheck's PROBLEM as LSP writes it."
  (pcase-let ((`(,start . ,end) (flycheck-error-region-for-mode problem 'symbols)))
    (append (list :range (understudy-fix--range start end)
                  :message (flycheck-error-message problem)
                  :source (symbol-name (flycheck-error-checker problem))
                  :severity (pcase (flycheck-error-level problem) ('error 1) ('warning 2) (_ 3)))
            (when-let* ((id (flycheck-error-id problem)))
              (list :code (format "%s" id))))))

(defun understudy-fix--diagnostics (start end)
  "Return the problems between START and END in the buffer, as a vector."
  (vconcat
   (and (bound-and-true-p flymake-mode)
        (mapcar #'understudy-fix--flymake (flymake-diagnostics start end)))
   (and (bound-and-true-p flycheck-mode)
        (mapcar #'understudy-fix--flycheck (flycheck-overlay-errors-in start end)))))

(defun understudy-fix--region ()
  "Return the start and the end of what is to be worked on, as a list."
  (if (use-region-p)
      (list (region-beginning) (region-end))
    (list (pos-bol) (pos-eol))))

;;;; The menu

(defun understudy-fix ()
  "Offer what can be done about the problems of this line or of the region.
A title that says \"checked\" is of a fix that was tried on a copy: the
tool that reported the problem finds it gone, and nothing new."
  (interactive)
  (understudy-fix--ask ["quickfix"]))

(defun understudy-actions ()
  "Offer all that can be done here: fix, explain, write a test, document, simplify."
  (interactive)
  (understudy-fix--ask nil))

(defun understudy-fix--ask (only)
  "Ask the server for code actions of the kinds ONLY, or of all, and offer them."
  (let ((connection (understudy-fix--connection))
        (buffer (current-buffer)))
    (pcase-let ((`(,start ,end) (understudy-fix--region)))
      (understudy-flush)
      (jsonrpc-async-request
       connection :textDocument/codeAction
       (list :textDocument (understudy-identifier)
             :range (understudy-fix--range start end)
             :context (append (list :diagnostics (understudy-fix--diagnostics start end) :triggerKind 1)
                              (and only (list :only only))))
       ;; Not in the process filter, in which nothing may ask the user.
       :success-fn (lambda (actions)
                     (run-with-timer 0 nil #'understudy-fix--choose connection buffer (append actions nil)))
       :error-fn (jsonrpc-lambda (&key message &allow-other-keys)
                   (message "Understudy: %s" message))))))

(defun understudy-fix--connection ()
  "Return the connection that serves this buffer, or say that there is none."
  (or (understudy-connection)
      (user-error "Understudy does not run here; `M-x understudy-mode' starts it")))

(defun understudy-fix--choose (connection buffer actions)
  "Let the user choose one of ACTIONS for BUFFER, and have CONNECTION do it."
  (when (buffer-live-p buffer)
    (with-current-buffer buffer
      (let ((able (seq-remove (lambda (action) (plist-get action :disabled)) actions)))
        (if (null able)
            (message "Understudy: %s"
                     (or (plist-get (plist-get (car actions) :disabled) :reason) "there is nothing to do here"))
          (let* ((titles (mapcar (lambda (action) (plist-get action :title)) able))
                 (title (completing-read "Do: " (understudy-fix--in-order titles) nil t nil nil (car titles))))
            (understudy-fix--do connection (nth (seq-position titles title) able))))))))

(defun understudy-fix--in-order (titles)
  "Return a completion table of TITLES in their own order."
  (lambda (string predicate action)
    (if (eq action 'metadata)
        '(metadata (display-sort-function . identity) (cycle-sort-function . identity))
      (complete-with-action action titles string predicate))))

(defun understudy-fix--do (connection action)
  "Do ACTION: apply its edit, have CONNECTION run its command."
  (when-let* ((edit (plist-get action :edit))
              (wrong (understudy-fix-apply edit)))
    (user-error "Understudy: nothing was done, since %s; ask again" wrong))
  (when-let* ((command (plist-get action :command)))
    (let ((params (if (stringp command) action command)))
      (jsonrpc-async-request
       connection :workspace/executeCommand
       (list :command (plist-get params :command) :arguments (or (plist-get params :arguments) []))
       :success-fn #'ignore
       :error-fn (jsonrpc-lambda (&key message &allow-other-keys)
                   (message "Understudy: %s" message))))))

(defun understudy-change (start end instruction)
  "Change the text from START to END, or this line, according to INSTRUCTION."
  (interactive (append (understudy-fix--region) (list (read-string "Change it how? "))))
  (understudy-flush)
  (jsonrpc-async-request
   (understudy-fix--connection) :workspace/executeCommand
   (list :command "understudy.change"
         :arguments (vector (list :uri (plist-get (understudy-identifier) :uri)
                                  :range (understudy-fix--range start end)
                                  :instruction instruction)))
   :success-fn #'ignore
   :error-fn (jsonrpc-lambda (&key message &allow-other-keys)
               (message "Understudy: %s" message))))

(defun understudy-cancel-fix ()
  "End what is under way: fixes, and edits of any kind."
  (interactive)
  (jsonrpc-async-request (understudy-fix--connection) :workspace/executeCommand
                         '(:command "understudy.cancelFix" :arguments [])
                         :success-fn #'ignore :error-fn #'ignore))

;;;; Edits

(defun understudy-fix-apply (edit)
  "Apply EDIT, LSP's WorkspaceEdit, or nothing of it; return why not, if so.
Each file's edits are one step of undo.  Files that were not open are
visited and left unsaved."
  (let ((changes (mapcar #'understudy-fix--resolved (append (plist-get edit :documentChanges) nil))))
    (if-let* ((wrong (seq-find #'stringp changes)))
        wrong
      (pcase-dolist (`(,buffer . ,edits) changes)
        (with-current-buffer buffer
          (understudy-fix--edit edits)))
      nil)))

(defun understudy-fix--resolved (change)
  "Return CHANGE, LSP's TextDocumentEdit, as (BUFFER . EDITS).
Return a text that says why where it cannot be done."
  (let* ((uri (plist-get (plist-get change :textDocument) :uri))
         (version (plist-get (plist-get change :textDocument) :version))
         (document (understudy-fix--document uri)))
    (cond
     ((plist-get change :kind) "Emacs does not create, rename or delete files for a server")
     (document
      (with-current-buffer (understudy-document-buffer document)
        (understudy--flush document))
      (if (and version (not (eql version (understudy-document-version document))))
          "the text has changed"
        (cons (understudy-document-buffer document) (plist-get change :edits))))
     ((string-prefix-p "file://" uri)
      (with-current-buffer (find-file-noselect (understudy-fix--path uri))
        (if (and version (understudy-eglot-server) (not (eql version (understudy-fix--eglot-version))))
            "the text has changed"
          (cons (current-buffer) (plist-get change :edits)))))
     (t (format "there is no buffer for %s" uri)))))

(defun understudy-fix--document (uri)
  "Return the document with URI that a server has open."
  (cl-loop for session being the hash-values of understudy--sessions
           thereis (seq-find (lambda (document)
                               (and (equal uri (understudy-document-uri document))
                                    (understudy-document-version document)))
                             (understudy-session-documents session))))

(defun understudy-fix--eglot-version ()
  "Return the version of this buffer's text at its Eglot server."
  (understudy-flush)
  (plist-get (eglot--VersionedTextDocumentIdentifier) :version))

(defun understudy-fix--path (uri)
  "Return the path of the local file with URI."
  (let ((path (decode-coding-string (url-unhex-string (string-remove-prefix "file://" uri)) 'utf-8)))
    (if (eq system-type 'windows-nt) (string-remove-prefix "/" path) path)))

(defun understudy-fix--edit (edits)
  "Make EDITS, LSP's, in this buffer, as one step of undo."
  (save-excursion
    (save-restriction
      (widen)
      (let ((places (mapcar (lambda (edit)
                              (list (understudy-fix--point (plist-get (plist-get edit :range) :start))
                                    (understudy-fix--point (plist-get (plist-get edit :range) :end))
                                    (plist-get edit :newText)))
                            edits))
            (group (prepare-change-group)))
        (undo-boundary)
        (atomic-change-group
          ;; From the end, so that the places of those before stay true.
          (pcase-dolist (`(,start ,end ,text) (sort places :key #'car :reverse t))
            (let ((old (buffer-substring-no-properties start end)))
              (unless (equal old text)
                (replace-region-contents start end (lambda () text) 0.5)))))
        (undo-amalgamate-change-group group)
        (undo-boundary)))))

(defun understudy-fix--point (position)
  "Return the buffer position of LSP's POSITION, in UTF-16 units."
  (goto-char (point-min))
  (forward-line (plist-get position :line))
  (let ((units (plist-get position :character)))
    (while (and (> units 0) (not (eolp)))
      (cl-decf units (if (> (char-after) #xffff) 2 1))
      (forward-char)))
  (point))

;;;; What the server says

(defun understudy-fix-answer-edit (params)
  "Apply the edit of PARAMS, from `workspace/applyEdit'; return the answer."
  (if-let* ((wrong (condition-case failure
                       (understudy-fix-apply (plist-get params :edit))
                     (error (error-message-string failure)))))
      (list :applied :json-false :failureReason wrong)
    (list :applied t)))

(defun understudy-fix-show (params)
  "Show the explanation in PARAMS, from `understudy/show'."
  (with-help-window "*understudy explanation*"
    (princ (format "%s\n\n%s" (plist-get params :title) (plist-get params :text)))))

(provide 'understudy-fix)
;;; understudy-fix.el ends here
