;;; understudy-text.el --- A buffer's text as a language server sees it  -*- lexical-binding: t; -*-

;; Copyright 2026 The Understudy authors
;; SPDX-License-Identifier: Apache-2.0

;; Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
;; the License.  You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0

;;; Commentary:

;; Positions in UTF-16 units, URIs, language ids, and the changes since the server last heard of a text.

;;; Code:

(require 'cl-lib)
(require 'url-util)

(defconst understudy-text-language-ids
  '((sh . "shellscript") (bash . "shellscript") (c++ . "cpp") (tsx . "typescriptreact") (js . "javascript")
    (js2 . "javascript") (js-json . "json") (js-jsx . "javascriptreact") (rjsx . "javascriptreact") (objc . "objective-c")
    (emacs-lisp . "elisp") (lisp-interaction . "elisp") (cperl . "perl") (mhtml . "html") (nxml . "xml")
    (conf-toml . "toml") (makefile-gmake . "makefile") (text . "plaintext") (fundamental . "plaintext"))
  "Language ids by the names of major modes, where the two differ.")

(defun understudy-text-language-id (mode)
  "Return LSP's language id for the major MODE."
  (let ((name (replace-regexp-in-string "\\(?:-ts\\)?-mode\\'" "" (symbol-name mode))))
    (or (alist-get (intern name) understudy-text-language-ids)
        (get mode 'eglot-language-id)
        name)))

(defun understudy-path-to-uri (path)
  "Return the URI of the local file PATH."
  (let ((path (directory-file-name (expand-file-name path))))
    (concat "file://" (if (eq system-type 'windows-nt) "/" "")
            (url-hexify-string path url-path-allowed-chars))))

(defun understudy-buffer-uri (buffer)
  "Return the URI of BUFFER."
  (if-let* ((file (buffer-file-name buffer)))
      (understudy-path-to-uri file)
    (concat "untitled:" (url-hexify-string (buffer-name buffer)))))

(defun understudy-text-units (string)
  "Return the length of STRING in UTF-16 units, as the server will see it."
  (let ((units (length string)) (from 0) case-fold-search)
    ;; A line may be as long as a file: plain ASCII is not searched, and the rest not in Lisp.
    (unless (= units (string-bytes string))
      (while (setq from (string-match "[\x10000-\x10ffff]" string from))
        (cl-incf from)
        (cl-incf units)))
    units))

(defun understudy-text-clean (string)
  "Return STRING with what the server would take otherwise than Emacs replaced.
Bytes of an unknown encoding are not Unicode, and a carriage return ends a line
in LSP, but not in a buffer."
  (let ((string (string-to-multibyte string))
        (strange "[^\x00-\x0c\x0e-\ud7ff\ue000-\x10ffff]"))
    (if (string-match-p strange string)
        (replace-regexp-in-string strange (lambda (char) (if (equal char "\r") " " "\ufffd")) string t t)
      string)))

(defun understudy-text-between (start end)
  "Return the text from START to END without properties, as the server will see it."
  (understudy-text-clean (buffer-substring-no-properties start end)))

(defun understudy-text-position (position)
  "Return the line and character of POSITION, in UTF-16 units, in the whole buffer."
  (save-excursion
    (save-restriction
      (widen)
      (goto-char position)
      (list :line (1- (line-number-at-pos))
            :character (understudy-text-units (buffer-substring-no-properties (pos-bol) position))))))

;;;; Documents

(cl-defstruct (understudy-document (:constructor understudy-document-make) (:copier nil))
  "A text and what the server knows of it.
`version' is nil while it is not open there.  `pending' are the changes to be
sent, latest first, or t where only the whole text will do.  `before' is the
range of the change under way.  `tick' is the buffer's as of the last change
that was seen: some indirect buffers change the text without the hooks that
see it, and so does what inhibits hooks.  `users' are the buffers that show it."
  buffer session uri users version pending before tick timer)

(defun understudy-document-forget (document)
  "Note that the server does not have DOCUMENT open."
  (setf (understudy-document-version document) nil
        (understudy-document-pending document) nil
        (understudy-document-before document) nil))

(defun understudy-document-open (document)
  "Note that DOCUMENT is open from now on; return it as LSP's TextDocumentItem."
  (with-current-buffer (understudy-document-buffer document)
    (understudy-document-forget document)
    (setf (understudy-document-version document) 1
          (understudy-document-tick document) (buffer-chars-modified-tick))
    (list :uri (understudy-document-uri document)
          :languageId (understudy-text-language-id major-mode)
          :version 1
          :text (understudy--whole-text))))

(defun understudy--whole-text ()
  "Return the text of the whole buffer."
  (save-restriction
    (widen)
    (understudy-text-between (point-min) (point-max))))

(defun understudy-document-changes (document)
  "Return what has happened to DOCUMENT since the server last heard of it.
They are as LSP writes them, for the document's new version.  Return nil
if there are none, or if the server does not have it open."
  (with-current-buffer (understudy-document-buffer document)
    (let* ((tick (buffer-chars-modified-tick))
           (pending (understudy-document-pending document))
           (whole (or (eq pending t) (/= tick (or (understudy-document-tick document) tick)))))
      (when (and (understudy-document-version document) (or pending whole))
        (cl-incf (understudy-document-version document))
        (setf (understudy-document-pending document) nil
              (understudy-document-tick document) tick)
        (if whole
            (vector (list :text (understudy--whole-text)))
          (vconcat (reverse pending)))))))

(defun understudy-document-before-change (document start end)
  "Note that DOCUMENT is about to change from START to END."
  (when (understudy-document-version document)
    (unless (eql (buffer-chars-modified-tick) (understudy-document-tick document))
      (setf (understudy-document-pending document) t))
    (setf (understudy-document-before document)
          (and (listp (understudy-document-pending document))
               (let ((first (understudy-text-position start)))
                 (list start (- end start)
                       (list :start first :end (if (= start end) first (understudy-text-position end)))))))))

(defun understudy-document-after-change (document start end length)
  "Note that the text from START to END of DOCUMENT replaced LENGTH characters."
  (when (understudy-document-version document)
    (setf (understudy-document-tick document) (buffer-chars-modified-tick)
          (understudy-document-pending document)
          (pcase (understudy-document-before document)
            ((and `(,(pred (eql start)) ,(pred (eql length)) ,range)
                  (guard (listp (understudy-document-pending document))))
             (cons (list :range range :text (understudy-text-between start end))
                   (understudy-document-pending document)))
            ;; Some functions announce a wider change than they make.
            (_ t))
          (understudy-document-before document) nil)))

(provide 'understudy-text)
;;; understudy-text.el ends here
